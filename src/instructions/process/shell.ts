import { programWords, type TermedDescription } from '../../kernel/process/program-script.ts';
import { labSlice, unitName, unitRestart } from '../../kernel/process/units/unit-name.ts';
import { type ProcessDescription, processFolder, seenPath } from '../../model/kernel/lab-process.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import type { ProcessInstruction } from './types.ts';

/**
 * What a shell does to start and stop a process. It waits for no sign of life but a socket. Without units it remembers only the
 * number of the process; `units`: systemd runs it here, as netform has it.
 */
export function processShell(instruction: ProcessInstruction, units: boolean): readonly string[] {
  const { lab, process } = instruction;
  const folder = processFolder(lab, process.netns, process.name);
  const own = shellWord(`${folder}/pid`);
  const unit = shellWord(unitName(lab, process.netns, process.name));
  const launch = units ? unitLaunch(lab) : sessionLaunch(folder);
  const pid = process.terms ? `"$(cat ${shellWord(`${folder}/main`)} 2>/dev/null || cat ${own})"` : `"$(cat ${own})"`;
  switch (instruction.do) {
    case 'process.start':
      return process.terms
        ? programLines({ ...process, terms: process.terms }, folder, launch)
        : startLines(process, folder, launch);
    case 'process.check':
      return process.check && Object.keys(process.privateFolders).length === 0 ? [words(process.check)] : [];
    case 'process.reload':
      return [
        units
          ? `systemctl kill --kill-whom=main --signal=${process.reload ?? 'HUP'} ${unit}`
          : `kill -s ${process.reload ?? 'HUP'} ${pid}`,
      ];
    case 'process.stop':
      return [
        ...(units
          ? [`systemctl stop ${unit}`]
          : [`kill ${pid}`, `while kill -0 ${pid} 2>/dev/null; do sleep 0.1; done`]),
        ...(instruction.forGood
          ? [`rm -rf ${words([folder, ...(process.folder === null ? [] : [process.folder])])}`]
          : []),
      ];
  }
}

/** The line that starts a command in a folder for its output, or as a unit. */
type Launch = (process: ProcessDescription, command: readonly string[]) => string;

const sessionLaunch =
  (folder: string): Launch =>
  (_, command) =>
    `setsid -f ${words(command)} </dev/null >${shellWord(`${folder}/log`)} 2>&1`;

/** With what netform asks systemd for; `ip netns exec` is in the unit, since it shows the files of /etc/netns. */
const unitLaunch =
  (lab: string): Launch =>
  ({ netns, name, terms }, command) => {
    const properties = [
      'Type=exec',
      'KillMode=mixed',
      'MountFlags=slave',
      `Restart=${unitRestart(terms?.restart)}`,
      ...['RestartSec=1s', 'StartLimitIntervalSec=0'],
      `SyslogIdentifier=${name}`,
    ];
    const options = [
      ...['--quiet', '--collect', `--unit=${unitName(lab, netns, name)}`, `--slice=${labSlice(lab)}`],
      ...properties.map((one) => `--property=${one}`),
      ...Object.keys(terms?.secrets ?? {}).map((variable) => `--setenv=${variable}`),
    ];
    return `systemd-run ${words([...options, '--', ...command])}`;
  };

function startLines(process: ProcessDescription, folder: string, launch: Launch): readonly string[] {
  const { netns, command, environment, prepare, check, privateFolders, ready } = process;
  const folders = [folder, ...(process.folder === null ? [] : [process.folder]), ...Object.values(privateFolders)];
  const inside = [
    ...Object.entries(privateFolders).flatMap(([path, source]) => [
      `mkdir -p ${shellWord(path)}`,
      `mount --bind ${words([source, path])}`,
    ]),
    ...(check ? [words(check)] : []),
    `echo $$ >${shellWord(`${folder}/pid`)}`,
    `exec env ${words([...Object.entries(environment).map(([name, value]) => `${name}=${value}`), ...command])}`,
  ].join('; ');
  const place = netns === 'host' ? [] : ['ip', 'netns', 'exec', netns];
  const own = Object.keys(privateFolders).length > 0 ? ['unshare', '--mount'] : [];
  return [
    `install -d -m 700 ${words(folders)}`,
    ...prepare.map(({ creates, command }) =>
      creates === null ? words(command) : `test -e ${shellWord(creates)} || ${words(command)}`,
    ),
    launch(process, [...place, ...own, 'sh', '-c', inside]),
    ...(ready.by === 'socket' || ready.by === 'sign'
      ? [`while ! test -S ${shellWord(ready.path)}; do sleep 0.1; done`]
      : []),
  ];
}

/**
 * A program of the user's: in mounts of its own, with its `/tmp` and the files that it sees. Without units it is not started again
 * when it ends, and its output has no bound.
 */
function programLines(process: TermedDescription, folder: string, launch: Launch): readonly string[] {
  const { netns, environment, files, terms } = process;
  const seen = Object.keys(files).flatMap((path) => {
    const at = seenPath(path);
    return at === null ? [] : [{ at, root: path.slice(0, -at.length) }];
  });
  const [{ root } = { root: '' }] = seen;
  const variables = [
    ...Object.entries(environment).map(([name, value]) => `${name}=${shellWord(value)}`),
    ...Object.keys(terms.secrets).map((name) => `${name}="$${name}"`),
  ];
  const inside = [
    'mount -t tmpfs -o mode=1777 tmpfs /tmp',
    ...(seen.length === 0
      ? []
      : [
          showFilesLine(
            seen.map(({ at }) => at),
            root,
          ),
        ]),
    `echo $$ >${shellWord(`${folder}/pid`)}`,
    `cd ${shellWord(terms.workdir)}`,
    `exec ${variables.length === 0 ? '' : `env ${variables.join(' ')} `}${programWords(process)}`,
  ].join('; ');
  const place = netns === 'host' ? [] : ['ip', 'netns', 'exec', netns];
  return [
    `install -d -m 700 ${shellWord(folder)}`,
    ...Object.keys(terms.secrets).map((name) => `export ${name} # first give it its value, which is not shown`),
    launch(process, [...place, 'unshare', '--mount', 'sh', '-c', inside]),
  ];
}

/** Each over the machine's own, or else in a read-only overlay over the nearest folder that there is. */
const showFilesLine = (paths: readonly string[], root: string): string =>
  [
    `for file in ${words(paths)}`,
    'do folder=$file',
    'until [ -d "$folder" ]',
    'do folder=$(dirname "$folder")',
    'done',
    `[ -e "$file" ] || mount -t overlay -o "ro,lowerdir=${root}$folder:$folder" overlay "$folder"`,
    `mount --bind "${root}$file" "$file"`,
    'done',
  ].join('; ');

const words = (command: readonly string[]): string => command.map(shellWord).join(' ');
