import { groupBy } from '../../../model/values/group-by.ts';
import { type AskRuntime, askProgram, type ContainerProcess, firstLine, type PlaceAbsence } from './runtime.ts';

/** Asks containerd about tasks by NAMESPACE/ID, with its program ctr. */
export const askContainerd: AskRuntime = (names) =>
  new Map(
    [...groupBy(names, (name) => name.slice(0, name.indexOf('/')))].flatMap(([space, some]) => {
      const answer = askProgram('ctr', ['--namespace', space, 'task', 'ls']);
      return some.map((name): [string, ContainerProcess | PlaceAbsence] => [name, taskOf(name, answer)]);
    }),
  );

function taskOf(name: string, answer: ReturnType<typeof askProgram>): ContainerProcess | PlaceAbsence {
  if ('why' in answer) return answer;
  const [space = '', id = ''] = name.split('/');
  const lines = answer.stdout.split('\n').map((line) => line.trim().split(/\s+/));
  // TASK PID STATUS
  const [, pid = '', status = ''] = lines.find(([task]) => task === id) ?? [];
  if (status === 'RUNNING' || status === 'PAUSED') return { id: name, startedAt: '', pid: Number(pid) };
  if (answer.stderr !== '' && pid === '')
    return { why: `containerd cannot be asked: ${firstLine(answer.stderr)}`, remedy: 'try: ctr version' };
  const remedy = `start it: ctr -n ${space} task start -d ${id}`;
  return { why: status === '' ? `containerd has no task ${id} in ${space}` : `its task is ${status}`, remedy };
}
