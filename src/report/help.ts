import type { Paint } from './paint.ts';

/** A command as it describes itself. `usage`: instead of what follows from its arguments. */
export type Helped = {
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  readonly usage: readonly string[] | null;
  readonly args: readonly HelpedArg[];
  readonly flags: readonly HelpedFlag[];
  readonly examples: readonly HelpedExample[];
};

export type HelpedArg = {
  readonly name: string;
  readonly required: boolean;
  readonly about: string;
  readonly value: string | null;
};
/** `label`: the value as it is written, null when there is none. */
export type HelpedFlag = {
  readonly name: string;
  readonly char: string | null;
  readonly label: string | null;
  readonly about: string;
  readonly value: string | null;
};
export type HelpedExample = { readonly about: string | null; readonly command: string };

type Listed = { readonly id: string; readonly summary: string };
type Page = { readonly width: number; readonly paint: Paint };

/** What a beginner meets first comes first; a test holds every command to be in one group. */
export const GROUPS: { readonly [title: string]: readonly string[] } = {
  'Write a topology': ['init', 'validate', 'fmt', 'schema'],
  'Build it, and take it away': ['plan', 'apply', 'destroy'],
  'Look at labs': ['list', 'show', 'graph', 'events', 'doctor'],
  'Work inside': ['exec', 'shell', 'capture', 'link'],
  'Start from what others have built': ['import live', 'import script', 'import compose', 'import containerlab'],
  'Confirm, undo, let go': ['confirm', 'rollback', 'recover', 'forget'],
  'For the shell': ['completion'],
};

/** `netform --help`: all commands, in groups. */
export function rootHelp(commands: readonly Listed[], about: { readonly version: string }, page: Page): string {
  const summaries = new Map(commands.map(({ id, summary }) => [id, summary]));
  const width = Math.max(...commands.map(({ id }) => id.length));
  const groups = Object.entries(GROUPS).flatMap(([title, ids]) => [
    '',
    page.paint('bold', title),
    ...ids.flatMap((id) => item(id, summaries.get(id) ?? '', { indent: 2, column: width, page })),
  ]);
  return lines([
    `netform ${about.version}: one YAML file describes a network lab; netform builds it on this machine.`,
    '',
    '  netform COMMAND [FLAGS]',
    ...groups,
    '',
    'netform COMMAND --help shows each with examples. A first lab: netform init, then netform apply.',
  ]);
}

/** `netform import --help`: the commands whose names begin so. */
export function topicHelp(topic: string, commands: readonly Listed[], page: Page): string {
  const width = Math.max(0, ...commands.map(({ id }) => id.length));
  const rows = commands.flatMap(({ id, summary }) => item(id, summary, { indent: 2, column: width, page }));
  return lines([`  netform ${topic} COMMAND [FLAGS]`, '', ...rows, '', `netform ${topic} COMMAND --help says more.`]);
}

/** `netform COMMAND --help`. */
export function commandHelp(command: Helped, page: Page): string {
  const { summary, description, args, flags, examples } = command;
  const named = [
    ...args.map(({ name, about, value }) => ({ left: name, right: about + valueText(value) })),
    ...flags.map((flag) => ({ left: flagText(flag), right: flag.about + valueText(flag.value) })),
    { left: '-h, --help', right: 'Show this.' },
  ];
  const column = Math.max(0, ...named.map(({ left }) => left.length).filter((length) => length <= WIDEST));
  const rows = named.map(({ left, right }) => item(left, right, { indent: 2, column, page }));
  const heading = (title: string): readonly string[] => ['', page.paint('bold', title)];
  return lines([
    summary,
    '',
    ...usageOf(command).map((line) => `  ${line}`),
    ...(description === '' ? [] : ['', ...wrapped(description, page.width)]),
    ...(args.length === 0 ? [] : [...heading('Arguments'), ...rows.slice(0, args.length).flat()]),
    ...heading('Flags'),
    ...rows.slice(args.length).flat(),
    ...(examples.length === 0 ? [] : [...heading('Examples'), ...examples.flatMap((one) => exampleOf(one, page))]),
  ]);
}

/** How a command is called, a line each. */
export const usageOf = ({ id, usage, args }: Called): readonly string[] =>
  usage?.map((line) => `netform ${line}`) ?? [
    ['netform', id, ...args.map(({ name, required }) => (required ? name : `[${name}]`)), '[FLAGS]'].join(' '),
  ];

type Called = Pick<Helped, 'id' | 'usage'> & { readonly args: readonly Pick<HelpedArg, 'name' | 'required'>[] };

/** A flag wider than this has its text on the next line. */
const WIDEST = 26;

const flagText = ({ name, char, label }: HelpedFlag): string =>
  `${char === null ? '   ' : `-${char},`} --${name}${label === null ? '' : ` ${label}`}`;

const valueText = (value: string | null): string => (value === null ? '' : ` Default: ${value}.`);

const exampleOf = ({ about, command }: HelpedExample, { paint }: Page): readonly string[] => [
  ...(about === null ? [] : [paint('dim', `  # ${about}`)]),
  `  ${command}`,
];

type Place = { readonly indent: number; readonly column: number; readonly page: Page };

function item(left: string, right: string, { indent, column, page }: Place): readonly string[] {
  const start = indent + column + 3;
  const [first = '', ...more] = wrapped(right, Math.max(30, page.width - start));
  const rest = more.map((line) => ' '.repeat(start) + line);
  const head = ' '.repeat(indent) + left;
  return left.length > column ? [head, ' '.repeat(start) + first, ...rest] : [head.padEnd(start) + first, ...rest];
}

function wrapped(text: string, width: number): readonly string[] {
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

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;
