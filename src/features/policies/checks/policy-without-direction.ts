import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';
import { writtenPolicies } from '../topology.ts';

/** A policy that says nothing. */
export const policyWithoutDirection: LabCheck = {
  name: 'policy-without-direction',
  code: 'NF2120',
  title: 'Policy without a direction',
  explain:
    'A policy isolates a direction when its key is written. With neither `ingress` nor `egress` it has no effect; an empty list lets nothing pass.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { db: { interfaces: { eth0: { bridge: lan } } } }
policies: { quiet: { select: db } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { db: { interfaces: { eth0: { bridge: lan } } } }
policies: { quiet: { select: db, ingress: [] } }
`,
  find: (topology) =>
    writtenPolicies(topology).flatMap(({ name, ingress, egress, at }) =>
      ingress !== null || egress !== null
        ? []
        : [
            makeDiagnostic('policy-without-direction', atKey(at), `policy ${name} has neither ingress nor egress`, {
              hint: 'write ingress: [] to let nothing in, or list what may pass',
            }),
          ],
    ),
};
