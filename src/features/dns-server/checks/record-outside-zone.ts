import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { labDnsServers } from '../topology.ts';
import { indexZones, writtenRecords } from '../zone-index.ts';

/** A record with a name that is not in the zone where it is written. */
export const recordOutsideZone: LabCheck = {
  name: 'record-outside-zone',
  code: 'NF2502',
  rank: 10,
  title: 'Record outside its zone',
  explain:
    'A record has an absolute name (with a last dot) that is not in the zone under which it is written, or that is in a zone below it that the same server has. A server passes over such a record.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns:
    interfaces: { eth0: { bridge: lan } }
    dnsServer: { zones: { lab.test: { records: [web.corp.test. A 10.0.0.9] } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns:
    interfaces: { eth0: { bridge: lan } }
    dnsServer: { zones: { corp.test: { records: [web A 10.0.0.9] } } }
`,
  find: (_topology, lab) =>
    labDnsServers(lab).flatMap((server) => {
      const index = indexZones(server);
      return writtenRecords(server).flatMap(({ record: { name }, zone, at }) => {
        const right = index.zoneOf(name);
        if (right === zone) return [];
        const isBelow = name.endsWith(`.${zone}`);
        const hint =
          right === null ? `leave out the last dot for a name inside ${zone}` : `write it under the zone ${right}`;
        const said = `${name} is ${isBelow ? `in the zone ${right}` : `not in the zone ${zone}`}`;
        return [makeDiagnostic('record-outside-zone', atValue(at), said, { hint })];
      });
    }),
};
