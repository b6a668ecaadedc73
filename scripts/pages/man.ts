import { type CommandFlag, type CommandPage, commandPages, defaultOf, exampleLines } from './commands.ts';
import { exitCodeRows } from './exit-codes.ts';

/** The date of the last change of the language or of the commands. */
const DATE = '2026-11-28';

/** The text of man/netform.1 (man(7) macros), from the declarations of the commands. */
export async function manPage(version: string): Promise<string> {
  const commands = await commandPages();
  return [
    `.TH NETFORM 1 "${DATE}" "netform ${version}" "User Commands"`,
    '.SH NAME',
    'netform \\- declarative network topologies for Linux lab machines',
    '.SH SYNOPSIS',
    '.B netform',
    '.I COMMAND',
    '[ARGUMENT...] [FLAG...]',
    '.SH DESCRIPTION',
    ...sentences(
      'One YAML file describes a network lab: namespaces, bridges, cables, addresses, routes, NAT, port forwards, names. netform apply builds it on the machine, running it again changes nothing, and netform destroy restores the state from before.',
    ),
    ...paragraph(
      'FILE defaults to topology.yaml; - reads standard input. Commands that change or read the network of this machine need root.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap(section),
    '.SH FLAGS OF EVERY COMMAND',
    ...flagItems(commands[0]?.baseFlags ?? {}),
    '.SH EXIT STATUS',
    ...exitCodeRows().flatMap(({ code, meaning }) => item(bold(code), meaning.replaceAll('`', ''))),
    '.SH FILES',
    ...item(italic('/var/lib/netform'), 'the state of the labs of this machine; only root can read it'),
    ...item(italic('/run/netns'), 'the namespaces'),
    ...item(italic('/etc/netns'), "the namespaces' own hosts, resolv.conf and nsswitch.conf"),
    '.SH ENVIRONMENT',
    ...item(bold('NO_COLOR'), 'disables colour, whatever its value'),
    ...item(bold('SHELL'), 'the shell that netform shell starts'),
    '.SH SEE ALSO',
    '.BR ip (8),',
    '.BR ip\\-netns (8),',
    '.BR nft (8),',
    '.BR network_namespaces (7)',
    '',
  ].join('\n');
}

function section(command: CommandPage): readonly string[] {
  const { summary, description, usage, examples, args, flags, id } = command;
  const [first = '', ...more] = usage;
  return [
    `.SS "${escaped(first)}"`,
    ...more.flatMap((line) => [bold(line), '.PP']),
    ...sentences(`${summary} ${description}`.trim()),
    ...Object.values(args).flatMap((arg) =>
      item(italic(arg.name), `${arg.description ?? ''}${defaultText(arg.default)}`),
    ),
    ...flagItems(flags),
    ...(examples.length === 0 ? [] : ['.PP', 'Examples:', '.RS', '.nf']),
    ...examples.flatMap((one) => exampleLines(one, id)).map(lineOf),
    ...(examples.length === 0 ? [] : ['.fi', '.RE']),
  ];
}

const flagItems = (flags: CommandPage['flags']): readonly string[] =>
  Object.entries(flags).flatMap(([name, flag]) => item(flagName(name, flag), flagText(flag)));

function flagName(name: string, flag: CommandFlag): string {
  const short = flag.char === undefined ? '' : `${bold(`-${flag.char}`)}, `;
  const words = [flag.helpValue ?? flag.options?.join('|') ?? 'VALUE'].flat().join(' ');
  return `${short}${bold(`--${name}`)}${flag.type === 'option' ? ` ${italic(words)}` : ''}`;
}

const flagText = (flag: CommandFlag): string => `${flag.summary ?? ''}${defaultText(flag.default)}`;

const defaultText = (value: unknown): string => {
  const text = defaultOf(value);
  return text === null ? '' : ` Default: ${text}.`;
};

const item = (term: string, text: string): readonly string[] => ['.TP', term, ...sentences(text)];

const paragraph = (text: string): readonly string[] => ['.PP', ...sentences(text)];

/** One sentence per line, as man(7) needs for the space after it. */
const sentences = (text: string): readonly string[] => text.split(/(?<=[.;:]) (?=[A-Z~?±+])/).map(lineOf);

const bold = (text: string): string => `\\fB${escaped(text)}\\fR`;
const italic = (text: string): string => `\\fI${escaped(text)}\\fR`;

/** Escapes a line; one that begins with a dot or an apostrophe would be a macro. */
const lineOf = (text: string): string => escaped(text).replace(/^[.']/, '\\&$&');

const escaped = (text: string): string => text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('"', '\\(dq');
