import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue, type Path } from '../../../model/diagnostics/source-location.ts';
import { labDnsServers } from '../topology.ts';
import { writtenRecords } from '../zone-index.ts';

/** One record, written twice. */
export const duplicateRecord: LabCheck = {
  name: 'duplicate-record',
  code: 'NF2503',
  rank: 20,
  title: 'Record written twice',
  explain: 'A DNS server has the same record twice. Names in other letter case, absolute or not, are the same.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns:
    interfaces: { eth0: { bridge: lan } }
    dnsServer: { zones: { lab.test: { records: [web A 10.0.0.9, web.lab.test. A 10.0.0.9] } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns:
    interfaces: { eth0: { bridge: lan } }
    dnsServer: { zones: { lab.test: { records: [web A 10.0.0.9] } } }
`,
  find: (_topology, lab) =>
    labDnsServers(lab).flatMap((server) => {
      const first = new Map<string, Path>();
      return writtenRecords(server).flatMap(({ record, at }) => {
        const key = JSON.stringify(record);
        const before = first.get(key);
        if (before === undefined) {
          first.set(key, at);
          return [];
        }
        const related = [{ at: atValue(before), message: 'first written here' }];
        const said = `this record of ${record.name} is there twice`;
        return [makeDiagnostic('duplicate-record', atValue(at), said, { related, hint: 'keep one of them' })];
      });
    }),
};
