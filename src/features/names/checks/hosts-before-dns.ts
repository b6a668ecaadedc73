import { listPhrase } from '../../../checks/phrases.ts';
import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../../model/diagnostics/source-location.ts';
import type { Lab } from '../../../model/lab.ts';
import { nameFilesOf } from '../name-files.ts';
import { labDns, netnsDns } from '../topology.ts';

/** Namespaces that ask a DNS server of the lab only for what their hosts files lack. */
export const hostsBeforeDns: LabCheck = {
  name: 'hosts-before-dns',
  code: 'NF2509',
  title: 'Hosts files answer before the DNS server',
  explain:
    'Namespaces use a DNS server of the lab, and have the names of the lab in their hosts files, too. Programs look there first: the server is asked only for what the files lack. `dig` and `nslookup` always ask the server.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns: { interfaces: { eth0: { bridge: lan } }, dnsServer: { names: true } }
dns: { nameservers: [ns] }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  ns: { interfaces: { eth0: { bridge: lan } }, dnsServer: { names: true } }
dns: { nameservers: [ns], names: false }
`,
  find: (topology, lab) => {
    const servers = dnsServersByAddress(lab);
    const { names } = labDns(topology);
    const withNames = new Set(
      topology.namespaces.flatMap((one) => ((netnsDns(one)?.names ?? names ?? true) ? [one.name] : [])),
    );
    const asking = nameFilesOf(lab).filter(
      ({ netns, order, nameservers }) =>
        withNames.has(netns) && order?.[0] !== 'dns' && nameservers.some((address) => servers.has(address)),
    );
    const [first] = asking;
    if (first === undefined) return [];
    const named = [
      ...new Set(asking.flatMap(({ nameservers }) => nameservers.flatMap((one) => servers.get(one) ?? []))),
    ];
    const at = labDns(topology).nameservers === null ? first.at : ['dns'];
    const said = `hosts files answer first: ${listPhrase(named)} ${named.length === 1 ? 'is' : 'are'} asked only for what they lack`;
    const hint = 'to ask the server about everything, write dns: { names: false } or { order: [dns, files] }';
    return [makeDiagnostic('hosts-before-dns', atKey(at), said, { severity: 'warning', hint })];
  },
};

const DNS_PORT = 53;

/** By each address of it, the namespace in which a DNS server of the lab runs. */
function dnsServersByAddress({ ports, addresses }: Lab): ReadonlyMap<string, string> {
  const serving = new Set(
    ports.flatMap(({ netns, process, ports: { first } }) =>
      process !== undefined && first === DNS_PORT ? [netns] : [],
    ),
  );
  return new Map(
    addresses
      .filter(({ netns }) => serving.has(netns))
      .flatMap(({ netns, prefixes }) => prefixes.map((prefix) => [prefix.split('/')[0] ?? '', netns] as const)),
  );
}
