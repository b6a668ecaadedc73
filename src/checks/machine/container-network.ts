import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import { labOfMark } from '../../model/kind.ts';
import type { MachineCheck } from '../check.ts';
import { containerNeeds, findContainers } from './lab-containers.ts';

/** A container whose network is not its own: the machine's, one that netform made, or that of another name. */
export const containerNetwork: MachineCheck = {
  name: 'container-network',
  code: 'NF3032',
  title: 'The network of a container is another one already',
  explain:
    'A container on the network `host` shares that of the machine, which is `host` in a topology; one that was started in a namespace of netform is that namespace. Containers of one pod share one network: one name is enough for all of them.',
  bad: `
namespaces:
  init: { container: "pid:1" }
`,
  good: `
host: { sysctls: { net.ipv4.ip_forward: 1 } }
`,
  query: containerNeeds,
  find: (lab, live, { labsOfContainers = new Map() }) => {
    const first = new Map<string, string>();
    return findContainers(lab, live).flatMap(({ name, ref, at, found }): readonly Diagnostic[] => {
      const problem = (message: string, hint: string) => [
        makeDiagnostic('container-network', atValue(at), `${name} cannot be ${ref}: ${message}`, { hint }),
      ];
      if (found.state === 'refused') {
        if (found.is === 'machine')
          return problem('its network is that of this machine', 'write what it needs under host:');
        const other = labOfMark(found.mark);
        const whose = other === lab.name || other === null ? 'this lab' : `the lab ${other}`;
        return problem(`its network is a namespace of ${whose}`, 'use the name that it has there');
      }
      if (found.state !== 'there' || found.cookie === null) return [];
      const other = labsOfContainers.get(found.cookie);
      if (other !== undefined) return problem(`the lab ${other} has it`, `netform destroy ${other} first`);
      const known = first.get(found.cookie);
      first.set(found.cookie, known ?? name);
      if (known === undefined) return [];
      return problem(
        `it has the same network as ${known}`,
        `keep one of the two names: what is in ${known} is in both`,
      );
    });
  },
};
