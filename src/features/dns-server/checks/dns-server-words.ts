import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';
import { type LabDnsServer, labDnsServers } from '../topology.ts';

/** Words of a DNS server that contradict each other, or the lab. */
export const dnsServerWords: LabCheck = {
  name: 'dns-server-words',
  code: 'NF2508',
  rank: 5,
  title: 'DNS server whose words contradict each other',
  explain:
    'A DNS server has a `config` beside words that would make one, or the same zone twice: it answers for it and asks others about it. Or it listens at an address that its namespace does not have, or asks itself.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns:
    interfaces: { eth0: { bridge: lan } }
    dnsServer: { zones: { lab.test: {} }, forward: [{ zone: lab.test, to: 10.0.0.9 }] }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns:
    interfaces: { eth0: { bridge: lan } }
    dnsServer: { zones: { lab.test: {} }, forward: [{ zone: corp.test, to: 10.0.0.9 }] }
`,
  find: (_topology, lab) => labDnsServers(lab).flatMap((one) => [...besideConfig(one), ...zonesTwice(one)]),
};

function besideConfig({ written }: LabDnsServer): readonly Diagnostic[] {
  if (written.config === null) return [];
  const words = [
    ...(written.zones.length > 0 ? ['zones'] : []),
    ...(written.names ? ['names'] : []),
    ...(written.forwards.length > 0 ? ['forward'] : []),
    ...(written.listen === null ? [] : ['listen']),
  ];
  const hint = `write it into the configuration, or leave out config`;
  return words.map((word) =>
    makeDiagnostic('dns-server-words', atKey([...written.at, word]), `${word} means nothing beside config`, { hint }),
  );
}

function zonesTwice({ written }: LabDnsServer): readonly Diagnostic[] {
  const first = new Map(written.zones.map(({ name, at }) => [name, at]).reverse() as [string, readonly string[]][]);
  const twins = written.zones.filter(({ name, at }) => first.get(name) !== at);
  const forwarded = written.forwards.filter(({ zone }) => zone !== null && first.has(zone));
  return [
    ...twins.map(({ name, at }) =>
      makeDiagnostic('dns-server-words', atKey(at), `the zone ${name} is there twice`, {
        related: [{ at: atKey(first.get(name) ?? at), message: 'first written here' }],
        hint: 'write all of its records under one of them',
      }),
    ),
    ...forwarded.map(({ zone, at }) =>
      makeDiagnostic('dns-server-words', atKey(at), `others are asked about ${zone}, which this server answers for`, {
        related: [{ at: atKey(first.get(zone ?? '') ?? at), message: 'it answers for it here' }],
        hint: 'keep one of them',
      }),
    ),
  ];
}
