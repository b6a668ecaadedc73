import { findSessions, type NeedReader } from '../need-reader.ts';
import { findNetnsProcesses } from '../netns-processes.ts';

/** Finds the processes of namespaces, in one walk through /proc. */
export const processesReader: NeedReader<'processes'> = (needs, context) => {
  const found = findNetnsProcesses(needs.flatMap(({ netns }) => findSessions(context, netns)));
  return needs.map((need) => ({ need, answer: found.get(need.netns) ?? null }));
};
