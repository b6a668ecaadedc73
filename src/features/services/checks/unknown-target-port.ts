import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { unknownTargetPorts } from '../resolved.ts';

const SHOWN = 3;

/** `a`, `a and b`, `a, b, c and 4 more`. */
function someOf(endpoints: readonly string[]): string {
  const isAll = endpoints.length <= SHOWN;
  const shown = endpoints.slice(0, isAll ? -1 : SHOWN);
  const last = isAll ? endpoints.at(-1) : `${endpoints.length - SHOWN} more`;
  return shown.length === 0 ? `${last}` : `${shown.join(', ')} and ${last}`;
}

/** A port of endpoints by a name that some of them do not have. */
export const unknownTargetPort: LabCheck = {
  name: 'unknown-target-port',
  code: 'NF2027',
  title: 'Endpoint without the port of its service',
  explain:
    'A service leads to a port of its endpoints by a name, and an endpoint has none of that name and protocol: names are given to ports under `run` (`ports`) and `answers`. The service does not lead to it. It is a warning, as the others answer.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { web-1: { interfaces: { eth0: { bridge: lan } }, answers: { http: 8080 } } }
services: { web: { to: web-1, ports: ["80:https"] } }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { web-1: { interfaces: { eth0: { bridge: lan } }, answers: { http: 8080 } } }
services: { web: { to: web-1, ports: ["80:http"] } }
`,
  find: (_topology, lab) =>
    unknownTargetPorts(lab).map(({ service, name, endpoints, at }) => {
      const has = endpoints.length === 1 ? 'has' : 'have';
      return makeDiagnostic(
        'unknown-target-port',
        atValue(at),
        `${someOf(endpoints)} ${has} no port ${name}, to which service ${service} leads`,
        { severity: 'warning', hint: 'write its number, or give a port that name: answers: { http: 8080 }' },
      );
    }),
};
