import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { labFirewalls } from '../topology.ts';

/** A port by a name that none has. */
export const unknownFirewallPort: LabCheck = {
  name: 'unknown-firewall-port',
  code: 'NF2124',
  title: 'Firewall with an unknown port',
  explain:
    'A firewall names a port that no namespace has: names are given to ports under `run` (`ports`) and `answers`. Nothing fits that name. It is a warning, since the namespace may come later.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { db: { interfaces: { eth0: { bridge: lan } }, answers: { sql: 5432 }, firewall: { input: drop, allow: [{ ports: [mysql] }] } } }
host: { forwarding: false }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { db: { interfaces: { eth0: { bridge: lan } }, answers: { sql: 5432 }, firewall: { input: drop, allow: [{ ports: [sql] }] } } }
host: { forwarding: false }
`,
  find: (_topology, lab) =>
    labFirewalls(lab).flatMap(({ netns, unknownPorts }) =>
      unknownPorts.map(({ value, at }) =>
        makeDiagnostic(
          'unknown-firewall-port',
          atValue(at),
          `no namespace has a port ${value}, which the firewall of ${netns} names`,
          { severity: 'warning', hint: 'write its number, or give a port that name: answers: { http: 80 }' },
        ),
      ),
    ),
};
