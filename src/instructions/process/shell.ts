import { type ProcessDescription, processFolder } from '../../model/kernel/lab-process.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import type { ProcessInstruction } from './types.ts';

/** What a shell does to start and stop a process. It waits for no sign of life but a socket, and remembers only the number. */
export function processShell(instruction: ProcessInstruction): readonly string[] {
  const { lab, process } = instruction;
  const folder = processFolder(lab, process.netns, process.name);
  const pid = `"$(cat ${shellWord(`${folder}/pid`)})"`;
  switch (instruction.do) {
    case 'process.start':
      return startLines(process, folder);
    case 'process.reload':
      return [`kill -s ${process.reload ?? 'HUP'} ${pid}`];
    case 'process.stop':
      return [
        `kill ${pid}`,
        `while kill -0 ${pid} 2>/dev/null; do sleep 0.1; done`,
        ...(instruction.forGood
          ? [`rm -rf ${words([folder, ...(process.folder === null ? [] : [process.folder])])}`]
          : []),
      ];
  }
}

function startLines(process: ProcessDescription, folder: string): readonly string[] {
  const { netns, command, environment, prepare, privateFolders, ready } = process;
  const folders = [folder, ...(process.folder === null ? [] : [process.folder]), ...Object.values(privateFolders)];
  const inside = [
    ...Object.entries(privateFolders).flatMap(([path, source]) => [
      `mkdir -p ${shellWord(path)}`,
      `mount --bind ${words([source, path])}`,
    ]),
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
    `setsid -f ${words([...place, ...own, 'sh', '-c', inside])} </dev/null >${shellWord(`${folder}/log`)} 2>&1`,
    ...(ready.by === 'socket' ? [`while ! test -S ${shellWord(ready.path)}; do sleep 0.1; done`] : []),
  ];
}

const words = (command: readonly string[]): string => command.map(shellWord).join(' ');
