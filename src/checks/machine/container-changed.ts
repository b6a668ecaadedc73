import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../model/diagnostics/source-location.ts';
import { containerId, netnsId } from '../../model/ids.ts';
import type { MachineCheck } from '../check.ts';
import { labContainers } from './lab-containers.ts';

/** A name that was a namespace of netform and is to be a container, or another container than before. */
export const containerChanged: MachineCheck = {
  name: 'container-changed',
  code: 'NF3034',
  title: 'A namespace became a container, or another one',
  explain:
    'The lab is on this machine, and the name stood for another network there, with things of the lab in it. One name means one network in a run, so netform cannot clear the former one while it makes the new one: destroy the lab first, or give the new network a new name.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { db: { container: "docker:db", interfaces: { eth1: { bridge: lan } } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { db2: { container: "docker:db", interfaces: { eth1: { bridge: lan } } } }
`,
  find: (lab, _live, { recorded }) => {
    const refs = new Map(labContainers(lab).map(({ name, ref }) => [name, ref]));
    const ids = new Map(recorded.map(({ id, spec }) => [id, spec]));
    return lab.namespaces.flatMap(({ name, at }) => {
      const ref = refs.get(name);
      const former = ids.get(containerId(name))?.['ref'];
      const now = ref ?? 'a namespace of its own';
      const was = former ?? (ref !== undefined && ids.has(netnsId(name)) ? 'a namespace of its own' : now);
      if (was === now) return [];
      const hint = `netform destroy ${lab.name} first, or choose another name`;
      return [
        makeDiagnostic('container-changed', atKey(at), `${name} is ${now} now, and was ${String(was)}`, { hint }),
      ];
    });
  },
};
