import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { processId } from '../../../model/ids.ts';
import type { Topology } from '../../../model/topology.ts';
import { closestMatch } from '../../../net/closest-match.ts';
import { programId } from '../resolve.ts';
import { writtenRuns } from '../topology.ts';

/** A program that is to start after one that there is not, or that waits for it. */
export const unknownProgram: LabCheck = {
  name: 'unknown-program',
  code: 'NF2701',
  title: 'Nothing to start after',
  explain:
    '`after` names a program that the lab does not run, or one that is itself to start after this one. A program of another namespace is written `namespace/name`, one of the machine `host/name`.',
  bad: `
namespaces:
  web: { run: { app: { command: sleep 1d, after: db } } }
`,
  good: `
namespaces:
  web: { run: { app: { command: sleep 1d, after: db/postgres } } }
  db: { run: { postgres: sleep 1d } }
`,
  find: (topology) => {
    const all = orderOf(topology);
    const names = all.map(({ id }) => id.slice('process:'.length));
    return all.flatMap(({ id, after }) =>
      after.flatMap(({ id: other, written, at }): readonly Diagnostic[] => {
        if (!all.some((one) => one.id === other)) {
          const meant = closestMatch(written, names) ?? closestMatch(other.slice('process:'.length), names);
          const hint = meant === null ? 'write the name of an entry under run' : `did you mean ${meant}?`;
          return [makeDiagnostic('unknown-program', atValue(at), `the lab runs no program ${written}`, { hint })];
        }
        if (!reaches(all, other, id)) return [];
        const message = `${written} is to start after this program, or is this program`;
        return [makeDiagnostic('unknown-program', atValue(at), message, { hint: 'leave one of them out' })];
      }),
    );
  },
};

const orderOf = (topology: Topology) =>
  writtenRuns(topology).flatMap(({ netns, programs }) =>
    programs.map(({ name, after }) => ({
      id: processId(netns, name),
      after: after.map(({ value, at }) => ({ id: programId(netns, value), written: value, at })),
    })),
  );

/** Whether `from` is started after `to`, or is it. */
function reaches(all: ReturnType<typeof orderOf>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const queue = [from];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    queue.push(...all.filter((one) => one.id === id).flatMap(({ after }) => after.map((one) => one.id)));
  }
  return false;
}
