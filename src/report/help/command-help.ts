import type { Paint } from '../text/colour.ts';

/** A command as it describes itself. `usage`: instead of what follows from its arguments. */
export type CommandHelp = {
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly usage: readonly string[] | null;
  readonly args: readonly HelpArg[];
  readonly flags: readonly HelpFlag[];
  readonly examples: readonly HelpExample[];
};

export type HelpArg = {
  readonly name: string;
  readonly required: boolean;
  readonly about: string;
  readonly value: string | null;
};
/** `label`: the value as it is written, null when there is none. */
export type HelpFlag = {
  readonly name: string;
  readonly char: string | null;
  readonly label: string | null;
  readonly about: string;
  readonly value: string | null;
};
export type HelpExample = { readonly about: string | null; readonly command: string };

type HelpListItem = { readonly id: string; readonly summary: string };
type HelpPage = { readonly width: number; readonly paint: Paint };

/** What a beginner meets first comes first; a test holds every command to be in one group. */
export const COMMAND_GROUPS: { readonly [title: string]: readonly string[] } = {
  'Write a topology': ['init', 'validate', 'fmt', 'schema'],
  'Build it, and take it away': ['plan', 'apply', 'destroy'],
  'Look at labs': ['list', 'show', 'graph', 'events', 'doctor'],
  'Work inside': ['exec', 'shell', 'capture', 'link'],
  'Start from what others have built': ['import live', 'import script', 'import compose', 'import containerlab'],
  'Confirm, undo, let go': ['confirm', 'rollback', 'recover', 'forget'],
  'For the shell': ['completion'],
};

/** `netform --help`: all commands, in groups. */
export function rootHelp(
  commands: readonly HelpListItem[],
  about: { readonly version: string },
  page: HelpPage,
): string {
  const summaries = new Map(commands.map(({ id, summary }) => [id, summary]));
  const width = Math.max(...commands.map(({ id }) => id.length));
  const groups = Object.entries(COMMAND_GROUPS).flatMap(([title, ids]) => [
    '',
    page.paint('bold', title),
    ...ids.flatMap((id) => helpItem(id, summaries.get(id) ?? '', { indent: 2, column: width, page })),
  ]);
  return joinLines([
    `netform ${about.version}: one YAML file describes a network lab; netform builds it on this machine.`,
    '',
    '  netform COMMAND [FLAGS]',
    ...groups,
    '',
    'netform COMMAND --help shows each with examples. A first lab: netform init, then netform apply.',
  ]);
}

/** `netform import --help`: the commands whose names begin so. */
export function topicHelp(topic: string, commands: readonly HelpListItem[], page: HelpPage): string {
  const width = Math.max(0, ...commands.map(({ id }) => id.length));
  const rows = commands.flatMap(({ id, summary }) => helpItem(id, summary, { indent: 2, column: width, page }));
  return joinLines([
    `  netform ${topic} COMMAND [FLAGS]`,
    '',
    ...rows,
    '',
    `netform ${topic} COMMAND --help says more.`,
  ]);
}

/** `netform COMMAND --help`. */
export function commandHelp(command: CommandHelp, page: HelpPage): string {
  const { summary, description, args, flags, examples } = command;
  const named = [
    ...args.map(({ name, about, value }) => ({ left: name, right: about + valueText(value) })),
    ...flags.map((flag) => ({ left: flagText(flag), right: flag.about + valueText(flag.value) })),
    { left: '-h, --help', right: 'Show this.' },
  ];
  const column = Math.max(0, ...named.map(({ left }) => left.length).filter((length) => length <= WIDEST));
  const rows = named.map(({ left, right }) => helpItem(left, right, { indent: 2, column, page }));
  const heading = (title: string): readonly string[] => ['', page.paint('bold', title)];
  return joinLines([
    summary,
    '',
    ...usageLines(command).map((line) => `  ${line}`),
    ...(description === '' ? [] : ['', ...wrapText(description, page.width)]),
    ...(args.length === 0 ? [] : [...heading('Arguments'), ...rows.slice(0, args.length).flat()]),
    ...heading('Flags'),
    ...rows.slice(args.length).flat(),
    ...(examples.length === 0 ? [] : [...heading('Examples'), ...examples.flatMap((one) => exampleLines(one, page))]),
  ]);
}

/** How a command is called, a line each. */
export const usageLines = ({ id, usage, args }: CommandUsage): readonly string[] =>
  usage?.map((line) => `netform ${line}`) ?? [
    ['netform', id, ...args.map(({ name, required }) => (required ? name : `[${name}]`)), '[FLAGS]'].join(' '),
  ];

type CommandUsage = Pick<CommandHelp, 'id' | 'usage'> & {
  readonly args: readonly Pick<HelpArg, 'name' | 'required'>[];
};

/** A flag wider than this has its text on the next line. */
const WIDEST = 26;

const flagText = ({ name, char, label }: HelpFlag): string =>
  `${char === null ? '   ' : `-${char},`} --${name}${label === null ? '' : ` ${label}`}`;

const valueText = (value: string | null): string => (value === null ? '' : ` Default: ${value}.`);

const exampleLines = ({ about, command }: HelpExample, { paint }: HelpPage): readonly string[] => [
  ...(about === null ? [] : [paint('dim', `  # ${about}`)]),
  `  ${command}`,
];

type HelpItemLayout = { readonly indent: number; readonly column: number; readonly page: HelpPage };

function helpItem(left: string, right: string, { indent, column, page }: HelpItemLayout): readonly string[] {
  const start = indent + column + 3;
  const [first = '', ...more] = wrapText(right, Math.max(30, page.width - start));
  const rest = more.map((line) => ' '.repeat(start) + line);
  const head = ' '.repeat(indent) + left;
  return left.length > column ? [head, ' '.repeat(start) + first, ...rest] : [head.padEnd(start) + first, ...rest];
}

function wrapText(text: string, width: number): readonly string[] {
  const all: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      all.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...all, line];
}

const joinLines = (all: readonly string[]): string => `${all.join('\n')}\n`;
