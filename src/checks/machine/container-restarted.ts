import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import { containerId } from '../../model/ids.ts';
import { isJsonObject, type Spec } from '../../model/json.ts';
import type { PlaceLive } from '../../model/kernel/place-live.ts';
import type { MachineCheck } from '../check.ts';
import { containerNeeds, findContainers } from './lab-containers.ts';

/** A container that was started again since the lab was applied: its network is a new one, without anything of the lab. */
export const containerRestarted: MachineCheck = {
  name: 'container-restarted',
  code: 'NF3033',
  title: 'A container was started again',
  explain:
    'A warning: the network of the container is not the one in which the lab was made. The kernel has removed what was in that one, so `apply` creates it again and deletes nothing.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { db: { container: "docker:db", interfaces: { eth1: { bridge: lan } } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { db2: { container: "docker:db", interfaces: { eth1: { bridge: lan } } } }
`,
  query: containerNeeds,
  find: (lab, live, { recorded, operations = [] }) =>
    findContainers(lab, live).flatMap(({ name, ref, at, found }) => {
      const before = recorded.find(({ id }) => id === containerId(name))?.spec;
      if (before?.['ref'] !== ref || !isAnotherLife(before, found)) return [];
      const { length } = operations.filter(({ netns, action }) => netns === name && action === 'create');
      if (length === 0) return [];
      const objects = length === 1 ? 'one object' : `${length} objects`;
      const message = `${ref} was started again since the last apply: ${objects} of ${name} to create again`;
      return [makeDiagnostic('container-restarted', atValue(at), message, { severity: 'warning' })];
    }),
};

/** Whether what runs now is not what the record says that ran. */
export function isAnotherLife({ life }: Spec, found: PlaceLive): boolean {
  if (found.state !== 'there' || !isJsonObject(life)) return false;
  return life['id'] !== found.id || life['startedAt'] !== found.startedAt || life['cookie'] !== found.cookie;
}
