import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { MachineCheck } from '../check.ts';
import { containerNeeds, findContainers } from './lab-containers.ts';

/** A container that does not run now. A plan shows what waits for it; an apply is refused before its first change. */
export const containerAbsent: MachineCheck = {
  name: 'container-absent',
  code: 'NF3031',
  title: 'A container does not run',
  explain:
    'The container that a namespace stands for does not run, does not exist, or its runtime cannot be asked. netform never starts one: `plan` warns and shows what waits for it, `apply` is refused and changes nothing. What was in a container that has ended is gone, so `destroy` does not need it.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { db: { container: "docker:db", interfaces: { eth1: { bridge: lan } } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { db: { interfaces: { eth1: { bridge: lan } } } }
`,
  query: containerNeeds,
  find: (lab, live, { absentContainers: severity = 'error' }) =>
    findContainers(lab, live).flatMap(({ name, ref, at, found }) =>
      found.state === 'absent'
        ? [
            makeDiagnostic('container-absent', atValue(at), `${name} cannot be entered: ${ref}: ${found.why}`, {
              severity,
              hint: found.remedy,
            }),
          ]
        : [],
    ),
};
