import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { appendTo } from '../../../model/values/group-by.ts';
import { type LabDnsServer, labDnsServers } from '../topology.ts';
import { type WrittenRecord, writtenRecords } from '../zone-index.ts';

/** An alias whose name has other records. */
export const aliasWithData: LabCheck = {
  name: 'alias-with-data',
  code: 'NF2504',
  rank: 30,
  title: 'Alias beside other records',
  explain:
    'A name with a CNAME record has another record, or a second CNAME; or the zone itself is an alias. An alias stands for one other name in everything (RFC 1034, 3.6.2).',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns:
    interfaces: { eth0: { bridge: lan } }
    dnsServer: { zones: { lab.test: { records: [web A 10.0.0.9, www CNAME web, www A 10.0.0.8] } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns:
    interfaces: { eth0: { bridge: lan } }
    dnsServer: { zones: { lab.test: { records: [web A 10.0.0.9, www CNAME web] } } }
`,
  find: (_topology, lab) => labDnsServers(lab).flatMap(findMixedAliases),
};

function findMixedAliases(server: LabDnsServer): readonly Diagnostic[] {
  const byName = new Map<string, WrittenRecord[]>();
  for (const one of writtenRecords(server)) appendTo(byName, one.record.name, one);
  return [...byName].flatMap(([name, all]) => {
    const alias = all.find(({ record }) => record.type === 'CNAME');
    if (alias === undefined) return [];
    if (name === alias.zone) {
      const hint = 'write the addresses of the zone itself: "@ A 10.0.0.9"';
      return [makeDiagnostic('alias-with-data', atValue(alias.at), `the zone ${name} cannot be an alias`, { hint })];
    }
    const other = all.find((one) => one !== alias && JSON.stringify(one.record) !== JSON.stringify(alias.record));
    if (other === undefined) return [];
    const [first, second] = all.indexOf(alias) < all.indexOf(other) ? [alias, other] : [other, alias];
    const isTwice = other.record.type === 'CNAME';
    const said = isTwice ? `${name} is an alias of two names` : `${name} is an alias, and has other records`;
    const hint = isTwice ? 'an alias leads to one name: keep one of them' : 'keep the CNAME, or the others';
    const related = [{ at: atValue(first.at), message: 'the first record is here' }];
    return [makeDiagnostic('alias-with-data', atValue(second.at), said, { related, hint })];
  });
}
