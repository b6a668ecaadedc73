import { COMMAND_GROUPS } from '../../src/cli/command-types.ts';
import { type CommandPage, commandPages } from './commands.ts';
import { exitCodeTable } from './exit-codes.ts';
import { anchor } from './markdown.ts';

/** README.md with the tables between its markers `<!-- commands -->` and `<!-- exit codes -->` written again. */
export async function readmePage(text: string): Promise<string> {
  const commands = await commandPages();
  return withSection(withSection(text, 'commands', commandTableLines(commands)), 'exit codes', exitCodeTable());
}

const commandTableLines = (commands: readonly CommandPage[]): readonly string[] => [
  '| command | |',
  '|---|---|',
  ...COMMAND_GROUPS.flatMap((group) => [
    `| **${group}** | |`,
    ...commands
      .filter(({ place }) => place.group === group)
      .toSorted((a, b) => a.place.position - b.place.position)
      .map(rowOf),
  ]),
];

const rowOf = ({ id, usage, summary }: CommandPage): string =>
  `| [\`${(usage[0] ?? id).replace(' [FLAGS]', '').replaceAll('|', '\\|')}\`](docs/commands.md#${anchor(`netform ${id}`)}) | ${summary} |`;

/** Replaces what stands between `<!-- NAME -->` and `<!-- end of NAME -->`. */
function withSection(text: string, name: string, lines: readonly string[]): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${begin} … ${end}`);
  return [text.slice(0, from + begin.length), '\n', ...lines.map((line) => `${line}\n`), text.slice(to)].join('');
}
