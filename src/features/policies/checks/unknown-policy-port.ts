import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { labPolicies } from '../topology.ts';

/** A port by a name that none has. */
export const unknownPolicyPort: LabCheck = {
  name: 'unknown-policy-port',
  code: 'NF2121',
  title: 'Policy with an unknown port',
  explain:
    'A policy names a port that no namespace has: names are given to ports under `run` (`ports`) and `answers`. Nothing passes by that name. It is a warning, since the namespace may come later.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { db: { interfaces: { eth0: { bridge: lan } }, answers: { sql: 5432 } } }
policies: { db: { select: db, ingress: [{ ports: [mysql] }] } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { db: { interfaces: { eth0: { bridge: lan } }, answers: { sql: 5432 } } }
policies: { db: { select: db, ingress: [{ ports: [sql] }] } }
`,
  find: (_topology, lab) =>
    [...new Map(labPolicies(lab).unknownPorts.map((one) => [one.at.join('/'), one])).values()].map(
      ({ policy, name, at }) =>
        makeDiagnostic(
          'unknown-policy-port',
          atValue(at),
          `no namespace has a port ${name}, which policy ${policy} lets pass`,
          {
            severity: 'warning',
            hint: 'write its number, or give a port that name: answers: { http: 80 }',
          },
        ),
    ),
};
