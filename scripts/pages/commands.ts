import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { EXIT } from '../../src/model/error.ts';
import { anchor } from './markdown.ts';

type Example = string | { readonly description?: string; readonly command: string };
type Flag = {
  readonly char?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly helpValue?: string | readonly string[];
  readonly default?: unknown;
  readonly options?: readonly string[];
  readonly type: string;
  readonly multiple?: boolean;
  readonly hidden?: boolean;
};
type Arg = {
  readonly name?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: boolean;
};
export type Command = {
  readonly id: string;
  readonly summary?: string;
  readonly description?: string;
  /** Instead of what follows from its arguments. */
  readonly usage?: readonly string[] | undefined;
  readonly examples?: readonly Example[];
  readonly args: Readonly<Record<string, Arg>>;
  readonly flags: Readonly<Record<string, Flag>>;
  readonly baseFlags: Readonly<Record<string, Flag>>;
  readonly hidden: boolean;
};

/** What each exit code means, in the words of the README. */
export const MEANING: { readonly [name in keyof typeof EXIT]: string } = {
  done: 'done, or nothing to do',
  internal: 'an internal error: please report it',
  usage: 'usage error, or a missing privilege',
  topology: 'the topology is invalid',
  rolledBack: 'failed, and rolled back',
  rollbackIncomplete: 'failed, and the rollback is incomplete',
  drift: '`show --exit-code`: drift; `doctor`: a finding',
  foreign: 'conflict with an object that netform does not manage',
  locked: 'another run holds the lock, or waits for confirmation',
  stale: 'the saved plan is stale',
  changes: '`plan --exit-code`: there are changes',
};

/** docs/commands.md, from what the commands say about themselves. */
export async function commandsPage(): Promise<string> {
  const commands = (await commandsOf()).filter(({ hidden }) => !hidden);
  return [
    '# The commands',
    '',
    'What `netform COMMAND --help` says, on one page. It is generated from the commands; every example is run by a test.',
    '',
    '| command | |',
    '|---|---|',
    ...commands.map(({ id, summary }) => `| [\`netform ${id}\`](#${anchor(`netform ${id}`)}) | ${summary} |`),
    '',
    '## Exit codes',
    '',
    'The same for every command.',
    '',
    '| exit code | |',
    '|---|---|',
    ...Object.entries(MEANING).map(([name, text]) => `| ${codeOf(name)} | ${text} |`),
    '| 128+n | ended by signal n, rolled back |',
    ...commands.flatMap(section),
    '',
  ].join('\n');
}

export const codeOf = (name: string): number => new Map<string, number>(Object.entries(EXIT)).get(name) ?? 0;

/** Every command, by its name. */
export async function commandsOf(): Promise<readonly Command[]> {
  const folder = fileURLToPath(new URL('../../src/commands', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && name !== 'index.ts',
  );
  return Promise.all(
    files.toSorted().map(async (file) => {
      const { default: command } = await import(pathToFileURL(join(folder, file)).href);
      const id = file
        .replace(/\.ts$/, '')
        .replaceAll('/', ' ')
        .replace(/ ?index$/, '');
      const { summary, description, usage, examples, args = {}, flags = {}, baseFlags = {}, hidden = false } = command;
      return {
        id,
        summary,
        description,
        usage: usage === undefined ? undefined : [usage].flat(),
        examples,
        args,
        flags,
        baseFlags,
        hidden,
      };
    }),
  );
}

function section(command: Command): readonly string[] {
  const { id, summary, description, examples = [], args, flags, baseFlags } = command;
  const own = Object.entries({ ...flags, ...baseFlags }).filter(([, flag]) => flag.hidden !== true);
  const taken = Object.values(args);
  return [
    '',
    `## netform ${id}`,
    '',
    `**${summary}** ${description ?? ''}`,
    '',
    '```',
    ...usageOf(command),
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

/** The codes that a command says it ends with, and those that come with what it reads and does. */
function exitCodes({ summary, description, examples = [], args, flags }: Command): readonly string[] {
  const told = [
    summary,
    description,
    ...Object.values(flags).map((flag) => flag.summary),
    ...examples.map(descriptionOf),
  ];
  const named = told.flatMap((text) =>
    [...(text ?? '').matchAll(/\b[Ee]xits? (\d+)/g)].map((match) => Number(match[1])),
  );
  const reads = Object.values(args).some(({ name }) => name?.includes('FILE')) ? [EXIT.topology] : [];
  const meets = 'adopt' in flags ? [EXIT.foreign] : [];
  const runs = 'lock-timeout' in flags ? [EXIT.rolledBack, EXIT.rollbackIncomplete, EXIT.locked] : [];
  const codes = new Set([EXIT.done, EXIT.internal, EXIT.usage, ...reads, ...meets, ...runs, ...named]);
  const passedOn = /exit code is that of/i.test(description ?? '') ? ['that of the program'] : [];
  return [...passedOn, ...[...codes].toSorted((a, b) => a - b).map(String), ...(runs.length === 0 ? [] : ['128+n'])];
}

const descriptionOf = (example: Example): string | undefined =>
  typeof example === 'string' ? undefined : example.description;

/** How it is called, a line each. */
export const usageOf = ({ id, usage, args }: Command): readonly string[] =>
  usage?.map((line) => `netform ${line}`) ?? [
    ['netform', id, ...Object.values(args).map(argText), '[FLAGS]'].join(' '),
  ];

const argText = (arg: Arg): string => (arg.required === true ? `${arg.name}` : `[${arg.name}]`);

const argRow = (arg: Arg): string =>
  `| \`${cell(arg.name ?? '')}\` | ${cell(arg.description ?? '')}${defaultText(arg.default)} |`;

function flagRow(name: string, flag: Flag): string {
  const value =
    flag.type === 'option' ? ` ${[flag.helpValue ?? flag.options?.join('|') ?? 'VALUE'].flat().join(' ')}` : '';
  const short = flag.char === undefined ? '' : `\`-${flag.char}\`, `;
  const more = flag.multiple === true && !/repeat/.test(flag.summary ?? '') ? ' Repeatable.' : '';
  return `| ${short}\`--${name}${cell(value)}\` | ${cell(flag.summary ?? flag.description ?? '')}${more}${defaultText(flag.default)} |`;
}

const defaultText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? ` Default: \`${value}\`.` : '';

export function exampleLines(example: Example, id: string): readonly string[] {
  const { description, command } = typeof example === 'string' ? { command: example } : example;
  const line = command.replaceAll('<%= config.bin %>', 'netform').replaceAll('<%= command.id %>', id);
  return [...(description === undefined ? [] : [`# ${description}`]), line];
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
