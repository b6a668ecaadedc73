import { importLive } from '../../import/live.ts';
import { netnsNames } from '../../kernel/netns/netns.ts';
import { listRunningContainers, type RunningContainer } from '../../kernel/netns/places/running-containers.ts';
import { readImportFacts } from '../../kernel/read/import-facts.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { withProgress } from '../../model/results/progress.ts';
import { linkKinds } from '../../registry/kinds.ts';
import { withMachine } from '../host-session.ts';
import type { Session } from '../session.ts';
import { describeAttached } from './attached-interfaces.ts';
import { requireLabName, type TopologyImport, toTopologyImport } from './topology-import.ts';

/** `namespaces` null: all. `host`: describe all of this machine, or only what the namespaces are connected to. */
export type LiveImportRequest = {
  readonly namespaces: readonly string[] | null;
  readonly host: 'touched' | 'whole';
  readonly name: string | null;
};

/** The topology that describes this machine, which is only read. Throws E_NO_NAMESPACE when a namespace does not exist. */
export const importMachine = (
  session: Session,
  { namespaces, host, name }: LiveImportRequest,
): Promise<TopologyImport> =>
  withMachine(session, ({ machine, progress }) => {
    const existing = netnsNames();
    const missing = namespaces?.find((one) => !existing.includes(one));
    if (missing !== undefined) throw noNamespaceError(missing, existing);
    const containers = listRunningContainers();
    const taken = new Set(containers.flatMap((one) => one.names));
    // What a runtime made it takes away itself: nothing of it is to be adopted unless it is asked for.
    const names = namespaces ?? existing.filter((name) => !taken.has(name));
    const size = names.length;
    const inventory = withProgress(progress, [`reading ${size} namespaces`, size], () =>
      readImportFacts(names, { before: null, linkKinds }),
    );
    return withProgress(progress, ['describing this machine', size], () => {
      const options = { name: requireLabName(name ?? 'imported'), host, ports: 'exact', purpose: 'adopt' } as const;
      const described = importLive(inventory, options, linkKinds);
      const { leftOut, comments } = describeAttached(machine, inventory);
      const imported = {
        ...described,
        comments: [...described.comments, ...comments],
        leftOut: [...described.leftOut, ...leftOut, ...containers.map(containerLine)],
      };
      const topology = toTopologyImport(progress, imported, [
        'What was on this machine: netform plan --adopt takes it over as it is.',
      ]);
      return size > 0 || host === 'whole' ? topology : { ...topology, notes: [NO_NAMESPACES, ...topology.notes] };
    });
  });

const containerLine = ({ ref }: RunningContainer): string =>
  `the container ${ref}; container: "${ref}" has a namespace stand for it`;

const NO_NAMESPACES = 'there is no namespace on this machine; with --host the machine itself is described';

const noNamespaceError = (name: string, existing: readonly string[]) =>
  netformError('E_NO_NAMESPACE', EXIT.usage, `there is no namespace ${name}`, {
    hint: existing.length === 0 ? 'this machine has none' : `there are: ${existing.join(', ')}`,
  });
