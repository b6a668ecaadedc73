import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { importCompose } from '../import/compose.ts';
import { importContainerlab } from '../import/containerlab.ts';
import type { Imported } from '../import/imported.ts';
import { importLive } from '../import/live.ts';
import { takeInventory } from '../kernel/inventory.ts';
import { netnsNames } from '../kernel/netns.ts';
import { EXIT, netformError } from '../model/error.ts';
import { whyNotWritten } from '../model/refusal.ts';
import { isName } from '../net/name.ts';
import { step } from '../report/step.ts';
import { readForeign } from '../source/foreign.ts';
import { printTopology } from '../source/print.ts';
import { draft } from './draft.ts';
import { type Findings, findingsOf } from './findings.ts';
import { importScript } from './import-script.ts';
import { readInput } from './input.ts';
import { onMachine } from './session.ts';

/** A topology as text, what is wrong with it (nothing, as a rule), and what has to be said besides. */
export type ImportedText = {
  readonly text: string;
  readonly findings: Findings;
  readonly unknown: readonly string[];
  readonly notes: readonly string[];
};

/** `namespaces` null: all that there are. */
export type LiveRequest = {
  readonly namespaces: readonly string[] | null;
  readonly host: 'touched' | 'whole';
  readonly name: string | null;
};

/** The topology that describes what is there. Looks only. Throws E_NO_NAMESPACE when there is none of a name. */
export const importMachine = ({ namespaces, host, name }: LiveRequest): Promise<ImportedText> =>
  onMachine(() => {
    const there = netnsNames();
    const missing = namespaces?.find((one) => !there.includes(one));
    if (missing !== undefined) throw noNamespace(missing, there);
    const names = namespaces ?? there;
    const size = names.length;
    const inventory = step(`reading ${size} namespaces`, size, () => takeInventory(names, null));
    return step('describing what is there', size, () => {
      const imported = importLive(inventory, { name: nameOf(name ?? 'imported'), host, ports: 'exact' });
      const text = textOf(imported, [`What was on this machine: netform plan --adopt takes it over as it is.`]);
      return size > 0 || host === 'whole' ? text : { ...text, notes: [NOTHING_THERE, ...text.notes] };
    });
  });

const NOTHING_THERE = 'there is no namespace on this machine; with --host the machine itself is described';

/** Nobody knows how long a script takes. */
const LONG = Number.POSITIVE_INFINITY;

/** The topology that describes what a script builds. */
export const importFromScript = (
  file: string,
  { name, seconds }: { readonly name: string | null; readonly seconds: number },
): Promise<ImportedText> =>
  onMachine(() => {
    const script = readInput(file).bytes.toString();
    const label = nameOf(name ?? labelOf(file));
    const { imported, end } = step('running the script', LONG, () => importScript(script, { name: label, seconds }));
    const trouble = troubleOf(end, seconds);
    const result = textOf(imported, [
      `What ${file === '-' ? 'the script' : basename(file)} builds.`,
      ...trouble.slice(0, 1),
    ]);
    return { ...result, notes: [...trouble, ...result.notes] };
  });

/** The topology that a file of containerlab's or Docker Compose's describes, as far as it is one. Throws E_FORMAT. */
export function importFromFile(
  file: string,
  { of, name }: { readonly of: 'containerlab' | 'compose'; readonly name: string | null },
): ImportedText {
  const read = readForeign(readInput(file).bytes.toString());
  const section = of === 'containerlab' ? 'topology' : 'services';
  if ('trouble' in read) throw notOf(file, of, read.trouble);
  const { value } = read;
  if (typeof value !== 'object' || value === null || !(section in value))
    throw notOf(file, of, `it has no "${section}"`);
  const given = name === null ? null : nameOf(name);
  const own = labelOf('name' in value && typeof value['name'] === 'string' ? `${value['name']}.` : file);
  const imported = of === 'containerlab' ? importContainerlab(value, given ?? own) : importCompose(value, given ?? own);
  return textOf(imported, [`What ${file === '-' ? 'the file' : basename(file)} says, without what runs there.`]);
}

const notOf = (file: string, of: string, why: string) =>
  netformError('E_FORMAT', EXIT.usage, `${file} is no file of ${of === 'compose' ? 'Docker Compose' : of}: ${why}`);

function troubleOf(
  { exitCode, printed }: { readonly exitCode: number | null; readonly printed: string },
  seconds: number,
): readonly string[] {
  if (exitCode === 0) return [];
  const how = exitCode === null ? `took longer than ${seconds} s and was ended` : `ended with exit code ${exitCode}`;
  const last = printed
    .trim()
    .split('\n')
    .slice(-3)
    .filter((line) => line !== '');
  return [`The script ${how}: this is what was there then.`, ...last];
}

/** `lab` of `path/lab.sh`. */
const labelOf = (file: string): string =>
  basename(file === '-' ? 'imported' : file)
    .replace(/\.[^.]*$/, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z]+/, '')
    .slice(0, 63) || 'imported';

function nameOf(name: string): string {
  if (isName(name)) return name;
  throw netformError('E_USAGE', EXIT.usage, `${JSON.stringify(name)} cannot be the name of a lab`, {
    hint: 'a name begins with a letter and has letters, digits, -, _ and . in it',
  });
}

/** Prints what was imported, and reads it again as every other command will. */
function textOf(imported: Imported, first: readonly string[]): ImportedText {
  const { document, head, comments, unknown, unknownIs } = imported;
  const told = unknown.map((line) => `${unknownIs}: ${line}`);
  const text = printTopology(document, [{ at: [], text: [...first, ...head, ...told].join('\n') }, ...comments]);
  const findings = findingsOf(draft({ file: 'the imported topology', vars: [], varFile: null, text }, () => ({})));
  return { text, findings, unknown, notes: told };
}

/** Writes the text to a file; over one that is there only when that is `replaced`. Throws E_FILE. */
export function saveImported(path: string, text: string, fate: 'kept' | 'replaced'): void {
  try {
    writeFileSync(path, text, { flag: fate === 'kept' ? 'wx' : 'w' });
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const why = isThere ? 'it is there already' : whyNotWritten(error);
    throw netformError('E_FILE', EXIT.usage, `cannot write ${path}: ${why}`, {
      hint: isThere ? 'give -o another file, or --force to write over it' : 'give -o another file',
    });
  }
}

const noNamespace = (name: string, there: readonly string[]) =>
  netformError('E_NO_NAMESPACE', EXIT.usage, `there is no namespace ${name}`, {
    hint: there.length === 0 ? 'there is none on this machine' : `there are: ${there.join(', ')}`,
  });
