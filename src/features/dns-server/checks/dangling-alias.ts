import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { closestMatch } from '../../../net/closest-match.ts';
import { type LabDnsServer, labDnsServers } from '../topology.ts';
import { indexZones, type WrittenRecord, writtenRecords, type ZoneIndex } from '../zone-index.ts';

/** A record that leads to a name which does not exist. */
export const danglingAlias: LabCheck = {
  name: 'dangling-alias',
  code: 'NF2505',
  rank: 40,
  title: 'Record that leads nowhere',
  explain:
    'A CNAME, MX, SRV, NS or PTR record leads to a name inside a zone of the same server that has no records; or an alias leads in a circle, or to a name that neither this server nor one that it asks can know. A name without a last dot is inside the zone.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns:
    interfaces: { eth0: { bridge: lan } }
    dnsServer: { zones: { lab.test: { records: [web A 10.0.0.9, www CNAME wbe] } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns:
    interfaces: { eth0: { bridge: lan } }
    dnsServer: { zones: { lab.test: { records: [web A 10.0.0.9, www CNAME web] } } }
`,
  find: (_topology, lab) =>
    labDnsServers(lab).flatMap((server) => {
      const index = indexZones(server);
      return writtenRecords(server).flatMap((one) => problemOf(server, one, index) ?? []);
    }),
};

function problemOf(server: LabDnsServer, { record, zone, at }: WrittenRecord, index: ZoneIndex): Diagnostic | null {
  if (!('target' in record)) return null;
  const { target, type, name } = record;
  const tell = (said: string, hint: string): Diagnostic =>
    makeDiagnostic('dangling-alias', atValue(at), said, { hint });
  if (index.zoneOf(target) === null)
    return type === 'CNAME' && !isAskedAbout(server, target)
      ? tell(
          `${name} leads to ${target}, and no server is asked about that`,
          'write forward: [8.8.8.8], or a zone for it',
        )
      : null;
  if (index.find(target).length === 0 && !isDelegated(server, target))
    return tell(`${name} leads to ${target}, which does not exist`, targetHint(server, target, zone));
  return type === 'CNAME' && leadsInCircle(name, index)
    ? tell(`${name} is an alias that leads in a circle`, 'let the last of them lead to a name with an address')
    : null;
}

/** `mail.lab.test` in the zone lab.test is mail.lab.test.lab.test. */
function targetHint({ data }: LabDnsServer, target: string, zone: string): string {
  const written = target.slice(0, -zone.length - 1);
  if (target.endsWith(`.${zone}`) && written.includes('.'))
    return `a name without a last dot is inside the zone: write ${written}.`;
  const names = data.zones.flatMap(({ records }) => records.map(({ name }) => name));
  const near = closestMatch(
    target,
    names.filter((name) => !name.startsWith('*')),
  );
  return near === null
    ? `write a record for it: ${written} A 10.0.0.9`
    : `did you mean ${near.replace(`.${zone}`, '')}?`;
}

const isAskedAbout = ({ data: { forwards, names } }: LabDnsServer, target: string): boolean =>
  names.some(({ name }) => name === target) || forwards.some(({ zone }) => zone === null || isWithin(target, zone));

/** Others are asked about a zone below. */
const isDelegated = ({ data: { forwards } }: LabDnsServer, target: string): boolean =>
  forwards.some(({ zone }) => zone !== null && isWithin(target, zone));

const isWithin = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`);

function leadsInCircle(from: string, { find }: ZoneIndex): boolean {
  const seen = new Set<string>();
  for (let name = from; ; ) {
    if (seen.has(name)) return true;
    seen.add(name);
    const alias = find(name).find(({ type }) => type === 'CNAME');
    if (alias?.type !== 'CNAME') return false;
    name = alias.target;
  }
}
