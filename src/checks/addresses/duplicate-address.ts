import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { Lab, Lan } from '../../model/lab.ts';
import { isLinkLocalAddress } from '../../net/address.ts';
import { networkText } from '../../net/prefix.ts';
import { nextFreeHost } from './next-free-host.ts';
import { routingDomains } from './routing-domains.ts';
import { bareAddress, type WrittenLinkAddress, writtenAddresses } from './written-addresses.ts';

/** One address twice on a LAN, or twice in a namespace. */
export const duplicateAddress: LabCheck = {
  name: 'duplicate-address',
  code: 'NF2101',
  rank: 70,
  title: 'Duplicate address',
  explain:
    'Two interfaces of one LAN, or of one namespace, have the same address. Neighbours would reach whichever answers first. The same subnet on two separate LANs is legal, so is one address on the `lo` of several namespaces, and an own address that several point-to-point links share.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan, address: 10.0.0.1 } } }
  blue: { interfaces: { eth0: { bridge: lan, address: 10.0.0.1 } } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan, address: 10.0.0.1 } } }
  blue: { interfaces: { eth0: { bridge: lan, address: 10.0.0.2 } } }
`,
  find: (topology, lab) => {
    const lanOf = lansByLink(lab);
    const domainOf = routingDomains(lab);
    const freeHost = nextFreeHost();
    const seen = new Map<string, WrittenLinkAddress>();
    return writtenAddresses(topology, lab).flatMap((written) => {
      if (written.dev === 'lo') return [];
      const lan = lanOf.get(`${written.netns}/${written.dev}`);
      const scopes = scopesOf(written, lan, domainOf(written));
      const first = scopes.flatMap((scope) => seen.get(scope) ?? []).find((other) => !arePointToPoint(other, written));
      if (!first) {
        for (const scope of scopes) seen.set(scope, written);
        return [];
      }
      const together = lan !== undefined && lan === lanOf.get(`${first.netns}/${first.dev}`);
      const subnet = together ? subnetOf(written, lan) : null;
      const free = subnet && freeHost(subnet, usedIn(lan));
      return [
        makeDiagnostic('duplicate-address', atValue(written.at), messageFor(written, first), {
          related: [{ at: atValue(first.at), message: 'first used here' }],
          hint: isSameLink(written, first)
            ? 'keep one of them'
            : free
              ? `give ${written.owner} another host in ${subnet}; ${free} is free`
              : `give ${written.owner} an address of ${together ? 'its own' : 'another subnet'}`,
        }),
      ];
    });
  },
};

function lansByLink(lab: Lab): ReadonlyMap<string, Lan> {
  return new Map(
    lab.lans.flatMap((lan) => [
      ...(lan.bridge ? [[`${lan.bridge.netns}/${lan.bridge.name}`, lan] as const] : []),
      ...lan.members.map((member) => [`${member.netns}/${member.dev}`, lan] as const),
    ]),
  );
}

/** Link-local addresses are per link: two links of one namespace may have the same one. */
function scopesOf(written: WrittenLinkAddress, lan: Lan | undefined, domain: string): readonly string[] {
  const own = isLinkLocalAddress(written.address) ? `${written.netns}/${written.dev}` : domain;
  return [`${own} ${written.address}`, ...(lan ? [`lan ${lan.label} ${written.address}`] : [])];
}

/** Links to different peers may share their own address, and that of another link. */
const arePointToPoint = (one: WrittenLinkAddress, other: WrittenLinkAddress): boolean =>
  one.netns === other.netns && !isSameLink(one, other) && (one.hasPeer || other.hasPeer);

function messageFor(written: WrittenLinkAddress, first: WrittenLinkAddress): string {
  return isSameLink(written, first)
    ? `address ${written.address} is written twice at ${written.owner}`
    : `address ${written.address} is already used by ${first.owner}`;
}

const isSameLink = (a: WrittenLinkAddress, b: WrittenLinkAddress): boolean => a.netns === b.netns && a.dev === b.dev;

function subnetOf(written: WrittenLinkAddress, lan: Lan | undefined): string | null {
  if (written.prefix) return networkText(written.prefix);
  return lan?.subnets.find((subnet) => subnet.includes(':') === written.address.includes(':')) ?? null;
}

const usedIn = (lan: Lan | undefined) => (): readonly string[] =>
  lan ? [...lan.gateways, ...lan.members.flatMap((member) => member.prefixes.map(bareAddress))] : [];
