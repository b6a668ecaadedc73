import { programWords, type TermedDescription } from '../../kernel/process/program-script.ts';
import { labSlice, unitName } from '../../kernel/process/units/unit-name.ts';
import { unitsProblem } from '../../kernel/process/units/units-problem.ts';
import { type ProcessDescription, processFolder, seenPath } from '../../model/kernel/lab-process.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import type { ProcessInstruction } from './types.ts';

/**
 * What a shell does to start and stop a process: as a unit where systemd is process 1. It waits for no sign of life but a socket,
 * and remembers only the number.
 */
export function processShell(instruction: ProcessInstruction): readonly string[] {
  const { lab, process } = instruction;
  const folder = processFolder(lab, process.netns, process.name);
  const own = shellWord(`${folder}/pid`);
  const unit = unitsProblem() === null ? shellWord(unitName(lab, process.netns, process.name)) : null;
  const pid = process.terms ? `"$(cat ${shellWord(`${folder}/main`)} 2>/dev/null || cat ${own})"` : `"$(cat ${own})"`;
  switch (instruction.do) {
    case 'process.start':
      return process.terms
        ? programLines({ ...process, terms: process.terms }, { lab, folder })
        : startLines(process, { lab, folder });
    case 'process.check':
      return process.check && Object.keys(process.privateFolders).length === 0 ? [words(process.check)] : [];
    case 'process.reload':
      return unit === null
        ? [`kill -s ${process.reload ?? 'HUP'} ${pid}`]
        : [`systemctl kill --kill-who=main --signal=${process.reload ?? 'HUP'} ${unit}`];
    case 'process.stop':
      return [
        ...(unit === null
          ? [`kill ${pid}`, `while kill -0 ${pid} 2>/dev/null; do sleep 0.1; done`]
          : [`systemctl stop ${unit}`]),
        ...(instruction.forGood
          ? [`rm -rf ${words([folder, ...(process.folder === null ? [] : [process.folder])])}`]
          : []),
      ];
  }
}

/** The folder of a process, and its lab. */
type ShellPlace = { readonly lab: string; readonly folder: string };

/** Starts words in the background: as a transient unit, or in a session of their own with a file for the output. */
function startLine(process: ProcessDescription, { lab, folder }: ShellPlace, started: readonly string[]): string {
  if (unitsProblem() !== null) return `setsid -f ${words(started)} </dev/null >${shellWord(`${folder}/log`)} 2>&1`;
  const { netns, name, terms } = process;
  const options = [
    ...['--quiet', '--collect', `--unit=${unitName(lab, netns, name)}`, `--slice=${labSlice(lab)}`],
    ...(terms && terms.restart !== 'never' ? [`--property=Restart=${terms.restart}`] : []),
    ...Object.keys(terms?.secrets ?? {}).map((secret) => `--setenv=${secret}`),
  ];
  return `systemd-run ${words([...options, ...started])}`;
}

function startLines(process: ProcessDescription, at: ShellPlace): readonly string[] {
  const { folder } = at;
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
    startLine(process, at, [...place, ...own, 'sh', '-c', inside]),
    ...(ready.by === 'socket' ? [`while ! test -S ${shellWord(ready.path)}; do sleep 0.1; done`] : []),
  ];
}

/**
 * A program of the user's: in mounts of its own, with its `/tmp` and the files that it sees. It is not started again when it
 * ends, and its output has no bound.
 */
function programLines(process: TermedDescription, at: ShellPlace): readonly string[] {
  const { folder } = at;
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
    startLine(process, at, [...place, 'unshare', '--mount', 'sh', '-c', inside]),
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
