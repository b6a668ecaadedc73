import { commandWords, fillTemplate, usageLines } from '../../src/cli/command-syntax.ts';
import { COMMAND_GROUPS, type HelpPlace } from '../../src/cli/command-types.ts';
import { EXIT } from '../../src/model/error.ts';
import { loadCommands } from '../registries/commands.ts';
import { exitCodeTable } from './exit-codes.ts';
import { anchor } from './markdown.ts';

type Example = string | { readonly description?: string; readonly command: string };
export type CommandFlag = {
  readonly char?: string | undefined;
  readonly summary?: string | undefined;
  readonly helpValue?: string | readonly string[] | undefined;
  readonly default?: unknown;
  readonly options?: readonly string[] | undefined;
  readonly type: string;
  readonly multiple?: boolean | undefined;
};
type CommandArg = {
  readonly name: string;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly options?: readonly unknown[] | undefined;
};

/** A command, as the pages describe it. `id`: as it is written, `import live`. */
export type CommandPage = {
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly usage: readonly string[];
  readonly examples: readonly Example[];
  readonly args: Readonly<Record<string, CommandArg>>;
  readonly flags: Readonly<Record<string, CommandFlag>>;
  readonly baseFlags: Readonly<Record<string, CommandFlag>>;
  readonly place: HelpPlace;
};

/** The text of docs/commands.md, from the declarations of the commands. */
export async function commandsPage(): Promise<string> {
  const commands = await commandPages();
  return [
    '# The commands',
    '',
    'The help of every command on one page, generated from the commands. A test runs every example.',
    '',
    '`FILE` defaults to `topology.yaml`; `-` reads standard input. Every command has `--help` with examples, and `--json`; every',
    'command that reads a file has `--var` and `--var-file`. `man netform` has the same text, and `netform completion` prints',
    'the script with which a shell completes it.',
    '',
    ...commandTable(commands),
    '',
    '## Exit codes',
    '',
    'The same for every command.',
    '',
    ...exitCodeTable(),
    ...commands.flatMap(section),
    '',
  ].join('\n');
}

/** The commands by their purpose, as `netform --help` lists them. */
const commandTable = (commands: readonly CommandPage[]): readonly string[] => [
  '| command | |',
  '|---|---|',
  ...COMMAND_GROUPS.flatMap((group) => [
    `| **${group}** | |`,
    ...commands
      .filter(({ place }) => place.group === group)
      .toSorted((a, b) => a.place.position - b.place.position)
      .map(commandRow),
  ]),
];

const commandRow = ({ id, usage, summary }: CommandPage): string =>
  `| [\`${cell((usage[0] ?? id).replace(' [FLAGS]', ''))}\`](#${anchor(`netform ${id}`)}) | ${summary} |`;

/** Every command, by id. */
export async function commandPages(): Promise<readonly CommandPage[]> {
  const all = await loadCommands();
  return all.map(({ id, command }) => {
    const { summary = '', description = '', usage, examples = [], args, flags, baseFlags, helpPlace } = command;
    return {
      ...{ id: commandWords(id), summary, description, usage: usageLines({ id, usage, args }), place: helpPlace },
      ...{ examples: [examples].flat(), args, flags, baseFlags },
    };
  });
}

function section(command: CommandPage): readonly string[] {
  const { id, summary, description, usage, examples, args, flags, baseFlags } = command;
  const own = Object.entries({ ...flags, ...baseFlags });
  const taken = Object.values(args);
  return [
    '',
    `## netform ${id}`,
    '',
    `**${summary}** ${description}`,
    '',
    '```',
    ...usage,
    '```',
    ...(taken.length === 0 ? [] : ['', '| argument | |', '|---|---|', ...taken.map(argRow)]),
    '',
    '| flag | |',
    '|---|---|',
    ...own.map(([name, flag]) => flagRow(name, flag)),
    '',
    `Exit codes: ${exitCodes(command).join(', ')}; [what they mean](#exit-codes).`,
    ...(examples.length === 0
      ? []
      : ['', 'Examples:', '', '```sh', ...examples.flatMap((one) => exampleLines(one, id)), '```']),
  ];
}

/** The exit codes of a command: those that its texts name, and those that follow from its arguments and flags. */
function exitCodes({ summary, description, examples, args, flags }: CommandPage): readonly string[] {
  const told = [
    summary,
    description,
    ...Object.values(flags).map((flag) => flag.summary),
    ...examples.map(descriptionOf),
  ];
  const named = told.flatMap((text) =>
    [...(text ?? '').matchAll(/\b[Ee]xits? (\d+)/g)].map((match) => Number(match[1])),
  );
  const reads = Object.values(args).some(({ name }) => name.includes('FILE')) ? [EXIT.topology] : [];
  const meets = 'adopt' in flags ? [EXIT.foreign] : [];
  const runs = 'lock-timeout' in flags ? [EXIT.rolledBack, EXIT.rollbackIncomplete, EXIT.locked] : [];
  const codes = new Set([EXIT.done, EXIT.internal, EXIT.usage, ...reads, ...meets, ...runs, ...named]);
  const passedOn = /exit code is that of/i.test(description) ? ['that of the program'] : [];
  return [...passedOn, ...[...codes].toSorted((a, b) => a - b).map(String), ...(runs.length === 0 ? [] : ['128+n'])];
}

const descriptionOf = (example: Example): string | undefined =>
  typeof example === 'string' ? undefined : example.description;

const argRow = (arg: CommandArg): string =>
  `| \`${cell(arg.name)}\` | ${cell(arg.description ?? '')}${choicesText(arg.options)}${defaultText(arg.default)} |`;

function flagRow(name: string, flag: CommandFlag): string {
  const value =
    flag.type === 'option' ? ` ${[flag.helpValue ?? flag.options?.join('|') ?? 'VALUE'].flat().join(' ')}` : '';
  const short = flag.char === undefined ? '' : `\`-${flag.char}\`, `;
  const more = flag.multiple === true && !/repeat/.test(flag.summary ?? '') ? ' Repeatable.' : '';
  return `| ${short}\`--${name}${cell(value)}\` | ${cell(flag.summary ?? '')}${more}${defaultText(flag.default)} |`;
}

const choicesText = (options: readonly unknown[] | undefined): string =>
  options === undefined ? '' : ` One of \`${options.join('`, `')}\`.`;

const defaultText = (value: unknown): string => {
  const text = defaultOf(value);
  return text === null ? '' : ` Default: \`${text}\`.`;
};

/** The default of an argument or a flag as it is typed; null: none that a person types. */
export function defaultOf(value: unknown): string | null {
  const [first, ...more] = [value].flat();
  return more.length === 0 && (typeof first === 'string' || typeof first === 'number') ? String(first) : null;
}

/** An example as shell lines, with its description as a comment. */
export function exampleLines(example: Example, id: string): readonly string[] {
  const { description, command } = typeof example === 'string' ? { command: example } : example;
  return [...(description === undefined ? [] : [`# ${description}`]), fillTemplate(command, id)];
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
