import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { TopologyValue } from '../../model/topology.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import {
  listItems,
  nonNull,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { splitWords } from './split-words.ts';

/** The words of a command: those of a list as they are, a text split as a shell splits it. Null when there are none, or it would need a shell. */
export function readCommand(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): TopologyValue<readonly [string, ...(readonly string[])]> | null {
  const text = readString(node);
  const words = text === null ? nonNull(listItems(node).map(readString)) : splitLine(text, node, report);
  if (words === null) return null;
  const [program, ...rest] = words;
  if (program !== undefined && program !== '') return withPath(node, [program, ...rest] as const);
  if (node.value !== undefined)
    report(
      makeDiagnostic('bad-value', valueOfCursor(node), 'a command without a program', { hint: 'write its name first' }),
    );
  return null;
}

function splitLine(text: string, node: SourceCursor, report: SourceDiagnosticReporter): readonly string[] | null {
  const { words, shellParts, isOpen } = splitWords(text);
  const at = valueOfCursor(node);
  if (isOpen) {
    report(
      makeDiagnostic('not-a-shell', at, 'a quote in this command has no end', {
        hint: 'close it, or write the words as a list',
      }),
    );
    return null;
  }
  const [first] = shellParts.toSorted((a, b) => Number(b.effect === 'stops') - Number(a.effect === 'stops'));
  if (first === undefined) return words;
  const shell = `[sh, -c, ${shellWord(text).startsWith("'") ? JSON.stringify(text) : text}]`;
  const message = `no shell reads this command: ${first.text} ${first.what} here`;
  if (first.effect === 'stops') {
    report(makeDiagnostic('not-a-shell', at, message, { hint: `write the shell: ${shell}` }));
    return null;
  }
  report(
    makeDiagnostic('not-a-shell', at, message, {
      severity: 'warning',
      hint: `quote it where the program is to get it, or write the shell: ${shell}`,
    }),
  );
  return words;
}

/** The entry of `not-a-shell` in docs/checks.md. */
export const notAShellDoc: CheckDoc = {
  name: 'not-a-shell',
  code: 'NF1047',
  title: 'A command that needs a shell',
  explain:
    'The words of a command are split as a shell splits them, and the program is started with them: no shell reads pipes, redirections, `&&`, variables, patterns or comments. Those that change what the line means are errors, the others are given to the program as they are, with a warning. Where a shell is wanted, the file says so.',
  bad: `
namespaces:
  red: { run: { job: "cat /etc/hosts | sort > /tmp/sorted" } }
`,
  good: `
namespaces:
  red: { run: { job: { command: [sh, -c, "sort /etc/hosts > /tmp/sorted; exec sleep 1d"] } } }
`,
};
