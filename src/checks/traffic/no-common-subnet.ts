import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, type Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import { addressBits, isLinkLocalAddress } from '../../net/address.ts';
import { firstAddress, formatPrefix, lastAddress, networkPrefix, networkText } from '../../net/prefix.ts';
import { nextFreeHost } from '../addresses/next-free-host.ts';
import { linkSummaries } from '../links/link-summaries.ts';
import { firstIndexFrom } from './known-destinations.ts';
import { type Network, type NetworkAddress, type NetworkLan, networkOf } from './network.ts';

/** Members of a LAN whose addresses are in no subnet of the others. */
export const noCommonSubnet: LabCheck = {
  name: 'no-common-subnet',
  code: 'NF2113',
  ofTraffic: true,
  title: 'Neighbours in different subnets',
  explain:
    'A warning: the two ends of a cable, or a member of a LAN and all others there, have addresses in different subnets. Each takes the others for far away, so no packet passes between them. Addresses that a route without a next hop makes reachable are left out.',
  bad: `
namespaces:
  a: { interfaces: { eth0: 10.9.0.1/24 } }
  b: { interfaces: { eth0: 10.8.0.2/24 } }
links: [ "a:eth0 -- b:eth0" ]
`,
  good: `
namespaces:
  a: { interfaces: { eth0: 10.9.0.1/24 } }
  b: { interfaces: { eth0: 10.9.0.2/24 } }
links: [ "a:eth0 -- b:eth0" ]
`,
  find: (topology, lab) => {
    const network = networkOf(topology, lab);
    const words = new Map(linkSummaries(lab).map((link) => [`${link.netns}/${link.name}`, link.words]));
    const free = nextFreeHost();
    const onLink = onLinkDevices(lab);
    return network.lans.flatMap((lan) =>
      lan.isOpen || network.proxyLans.has(lan) || lan.members.size < 2
        ? []
        : ([4, 6] as const).flatMap((family) => {
            const apart = findApart(lan, family, onLink);
            return apart ? [warning({ lan, apart, words, free, network })] : [];
          }),
    );
  },
};

/** A member, and another that it does not meet. */
type ApartMembers = { readonly one: NetworkAddress; readonly other: NetworkAddress; readonly members: number };

/** The last member of a LAN whose subnets hold no other member; null: there is none. */
function findApart(lan: NetworkLan, family: 4 | 6, onLink: ReadonlySet<string>): ApartMembers | null {
  const all = [...lan.members.values()].flat().filter(({ prefix, connected, address }) => {
    // A host prefix is reached by routes.
    const isHost = connected.length === addressBits(family);
    return prefix.family === family && !isHost && !isLinkLocalAddress(address);
  });
  const netns = new Set(all.map((one) => one.netns));
  const networks = new Set(all.map(({ connected }) => formatPrefix(networkPrefix(connected))));
  // Most LANs have one subnet, which everybody is on.
  if (netns.size < 2 || networks.size < 2) return null;
  const sorted = all.toSorted(
    (a, b) => Number(a.prefix.value > b.prefix.value) - Number(a.prefix.value < b.prefix.value),
  );
  const met = new Set(
    all.flatMap((one) => (onLink.has(`${one.netns}/${one.dev}`) || meetsOther(sorted, one) ? one.netns : [])),
  );
  const one = all.findLast((each) => !met.has(each.netns));
  const other = one && (all.find((each) => met.has(each.netns)) ?? all.find((each) => each.netns !== one.netns));
  return one && other ? { one, other, members: netns.size } : null;
}

/** Whether an address of another namespace is in the subnet of an address. */
function meetsOther(sorted: readonly NetworkAddress[], { netns, connected }: NetworkAddress): boolean {
  const [first, last] = [firstAddress(connected), lastAddress(connected)];
  for (let i = firstIndexFrom(sorted, ({ prefix }) => prefix.value, first); i < sorted.length; i++) {
    const found = sorted[i];
    if (!found || found.prefix.value > last) return false;
    if (found.netns !== netns) return true;
  }
  return false;
}

/** Links, as `netns/dev`, with a route that needs no next hop of a subnet there. */
const onLinkDevices = (lab: Lab): ReadonlySet<string> =>
  new Set(
    lab.routes.flatMap(({ netns, hops }) =>
      hops.flatMap(({ via, onlink, dev }) =>
        via === null || onlink || isLinkLocalAddress(via) ? `${netns}/${dev}` : [],
      ),
    ),
  );

type ApartContext = {
  readonly lan: NetworkLan;
  readonly apart: ApartMembers;
  readonly words: ReadonlyMap<string, string>;
  readonly free: ReturnType<typeof nextFreeHost>;
  readonly network: Network;
};

function warning({ lan, apart: { one, other, members }, words, free, network }: ApartContext): Diagnostic {
  const wordsOf = ({ netns, dev, text }: NetworkAddress) =>
    `${words.get(`${netns}/${dev}`) ?? `${netns}:${dev}`} (${text})`;
  const subnet = networkText(other.text);
  const message =
    members === 2
      ? `${wordsOf(one)} and ${wordsOf(other)} are on one LAN, but in different subnets`
      : `${wordsOf(one)} is on ${lan.lan.label}, but in a subnet of its own there`;
  const address = free(subnet, () => [...network.owners.keys()]);
  const length = subnet.slice(subnet.indexOf('/'));
  return makeDiagnostic('no-common-subnet', atKey(placeOf(lan, one)), message, {
    severity: 'warning',
    related: [{ at: atKey(placeOf(lan, other)), message: `${wordsOf(other)} is here` }],
    hint:
      address === null
        ? `write an address of ${subnet}`
        : `write an address of ${subnet} there, such as ${address}${length}`,
  });
}

const placeOf = ({ lan }: NetworkLan, { netns, dev }: NetworkAddress): Path =>
  lan.members.find((one) => one.netns === netns && one.dev === dev)?.at ?? lan.at;
