import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { labDnsServers } from '../topology.ts';
import { indexZones, writtenRecords } from '../zone-index.ts';

/** A mail server, service or name server that is an alias. */
export const targetIsAlias: LabCheck = {
  name: 'target-is-alias',
  code: 'NF2506',
  rank: 50,
  title: 'MX, SRV or NS leads to an alias',
  explain:
    'An MX, SRV or NS record leads to a name with a CNAME record, which RFC 2181 (10.3) forbids: many clients do not follow it.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns:
    interfaces: { eth0: { bridge: lan } }
    dnsServer: { zones: { lab.test: { records: [web A 10.0.0.9, mail CNAME web, "@ MX 10 mail"] } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns:
    interfaces: { eth0: { bridge: lan } }
    dnsServer: { zones: { lab.test: { records: [web A 10.0.0.9, mail CNAME web, "@ MX 10 web"] } } }
`,
  find: (_topology, lab) =>
    labDnsServers(lab).flatMap((server) => {
      const index = indexZones(server);
      return writtenRecords(server).flatMap(({ record, at }) => {
        if (record.type !== 'MX' && record.type !== 'SRV' && record.type !== 'NS') return [];
        const alias = index.find(record.target).find(({ type }) => type === 'CNAME');
        if (alias?.type !== 'CNAME') return [];
        const said = `${record.type} leads to ${record.target}, which is an alias`;
        return [makeDiagnostic('target-is-alias', atValue(at), said, { hint: `write ${alias.target}.` })];
      });
    }),
};
