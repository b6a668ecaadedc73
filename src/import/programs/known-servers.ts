/** A server by the words of its command; null: it is not certain that it goes on running, or what it does. */
export type ServerWords = { readonly words: readonly string[]; readonly name?: string; readonly workdir?: string };

type ServerReader = (words: readonly string[], files: readonly string[]) => ServerWords | null;

/** Servers whose command line says everything, kept in the foreground. `words`: with the program. */
export function knownServer(words: readonly string[], files: readonly string[]): ServerWords | null {
  const read = SERVERS.find(({ name }) => name.test(programName(words)))?.read;
  return read?.(words, files) ?? null;
}

/** Whether a program is a server, or a client, depending on its words. */
export const isServerName = (words: readonly string[]): boolean =>
  SERVERS.some(({ name }) => name.test(programName(words)) && !/^python/.test(programName(words)));

/** `iperf3` of `/usr/bin/iperf3`. */
export const programName = ([program = '']: readonly string[]): string => program.replace(/^.*\//, '');

const SERVERS: readonly { readonly name: RegExp; readonly read: ServerReader }[] = [
  { name: /^python(?:3(?:\.\d+)?)?$/, read: httpServer },
  { name: /^iperf3?$/, read: iperf },
  { name: /^(?:nc|ncat|netcat)$/, read: netcat },
  {
    name: /^socat$/,
    read: (words) => (words.some((word) => /-(?:LISTEN|L|RECV|RECVFROM):/i.test(word)) ? { words } : null),
  },
  { name: /^dnsmasq$/, read: dnsmasqServer },
];

/** It serves the folder that it is started in: that of the machine must not be it. */
function httpServer(words: readonly string[], files: readonly string[]): ServerWords | null {
  const at = words.indexOf('-m');
  if (at < 0 || words[at + 1] !== 'http.server') return null;
  const folder = optionValue(words, ['-d', '--directory']);
  if (folder === null) return { words, name: 'http', workdir: '/tmp' };
  return isOwnFolder(folder, files) ? { words, name: 'http' } : null;
}

/** Whether a program has a folder: its own /tmp, or one that holds files of the topology. */
export const isOwnFolder = (folder: string, files: readonly string[]): boolean => {
  const path = folder.replace(/\/+$/, '');
  return path === '/tmp' || (path !== '' && files.some((file) => file.startsWith(`${path}/`)));
};

function iperf(words: readonly string[]): ServerWords | null {
  const isServer = words.some((word) => word === '--server' || /^-[a-zA-Z]*s[a-zA-Z]*$/.test(word));
  const isClient = words.some((word) => /^(?:-c|--client)(?:$|=)/.test(word));
  if (!isServer || isClient) return null;
  const rest = withoutOptions(words, ['--logfile', '-I', '--pidfile']);
  return {
    words: rest.flatMap((word) => (word === '-D' || word === '--daemon' ? [] : word.replace(/^(-[a-z]+)D$/, '$1'))),
  };
}

/** What `-e` and `-c` do, and whether they are there, is another thing in each netcat. */
function netcat(words: readonly string[]): ServerWords | null {
  const flags = words.slice(1).filter((word) => word.startsWith('-'));
  const listens = flags.some((word) => word === '--listen' || /^-[a-zA-Z0-9]*l/.test(word));
  const runs = flags.some((word) => /^--(?:exec|sh-exec|lua-exec)|^-[a-zA-Z]*[ec]/.test(word));
  return listens && !runs ? { words } : null;
}

/** The configuration, the leases and the process number of this machine's own one are not its. */
function dnsmasqServer(words: readonly string[], files: readonly string[]): ServerWords | null {
  const config = optionValue(words, ['-C', '--conf-file']);
  const isElsewhere = words.some((word) => /^(?:-7|--conf-dir|--test|--help|-w|--version|-v)/.test(word));
  if (words.length === 1 || isElsewhere || (config !== null && !files.includes(config))) return null;
  const own = withoutOptions(words, ['-x', '--pid-file']).filter((word) => !FOREGROUND.test(word));
  const leases = optionValue(words, ['-l', '--dhcp-leasefile']) ?? '/tmp/';
  const hasLeases = own.some((word) => /^(?:-F|--dhcp-range)/.test(word));
  if (!leases.startsWith('/tmp/')) return null;
  return {
    words: [
      ...own,
      ...['--keep-in-foreground', '--pid-file='],
      ...(config === null ? ['--conf-file=/dev/null'] : []),
      ...(hasLeases && leases === '/tmp/' ? ['--dhcp-leasefile=/tmp/dnsmasq.leases'] : []),
    ],
  };
}

const FOREGROUND = /^(?:-k|--keep-in-foreground)$/;

/** The value of the first of these options: `-d X`, `-dX`, `--directory X` or `--directory=X`; null: none is there. */
function optionValue(words: readonly string[], options: readonly string[]): string | null {
  for (const [i, word] of words.entries())
    for (const option of options) {
      if (word === option) return words[i + 1] ?? '';
      if (word.startsWith(`${option}=`)) return word.slice(option.length + 1);
      if (!option.startsWith('--') && word.startsWith(option)) return word.slice(option.length);
    }
  return null;
}

/** The words without these options and their values. */
const withoutOptions = (words: readonly string[], options: readonly string[]): readonly string[] =>
  words.filter(
    (word, i) =>
      !options.includes(word) &&
      !options.includes(words[i - 1] ?? '') &&
      !options.some((option) => word.startsWith(`${option}=`)),
  );
