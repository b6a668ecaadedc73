import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';

/** Entries of a multicast table at a bridge that keeps none. */
export const deafBridge: LabCheck = {
  name: 'deaf-bridge',
  code: 'NF2025',
  title: 'The bridge keeps no groups',
  explain: 'The kernel takes entries of `mdb` only for a bridge that is up and has `multicastSnooping`.',
  bad: `
bridges: { lan: { multicastSnooping: false, mdb: [{ group: 239.1.1.1, port: "red:eth0" }] } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
`,
  good: `
bridges: { lan: { mdb: [{ group: 239.1.1.1, port: "red:eth0" }] } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
`,
  find: ({ host, namespaces }) =>
    [host, ...namespaces].flatMap(({ bridges }) =>
      bridges.flatMap(({ name, at, mdb, state, own }) => {
        const isQuiet = own.values['multicastSnooping']?.value === false;
        if (mdb.length === 0 || (state === 'up' && !isQuiet)) return [];
        const why = isQuiet ? 'has no multicastSnooping' : 'is down';
        const hint = isQuiet ? 'leave `multicastSnooping: false` out, or mdb' : 'leave `state: down` out, or mdb';
        return [
          makeDiagnostic('deaf-bridge', atKey([...at, 'mdb']), `${name} ${why}, so it keeps no groups`, { hint }),
        ];
      }),
    ),
};
