import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { Lab, LabRoute, Lan } from '../../model/lab.ts';
import { appendTo, groupBy } from '../../model/values/group-by.ts';
import { addressBits, formatAddress } from '../../net/address.ts';
import { type Prefix, requirePrefix } from '../../net/prefix.ts';
import { memoizePerLab } from '../memoize-per-lab.ts';
import { downLinks, openLans } from './lan-state.ts';

/** An address of a link that is up. */
export type NetworkAddress = {
  readonly netns: string;
  readonly dev: string;
  /** Canonical, without a length. */
  readonly address: string;
  readonly prefix: Prefix;
  /** With the length: `10.0.0.1/24`. */
  readonly text: string;
  /** What the address puts on the link: its prefix, or the other end of a point-to-point address. */
  readonly connected: Prefix;
  readonly lan: NetworkLan | null;
};

/** A LAN with the addresses of its members, by namespace. */
export type NetworkLan = {
  readonly lan: Lan;
  /** Others than the lab's may be on it. */
  readonly isOpen: boolean;
  readonly members: ReadonlyMap<string, readonly NetworkAddress[]>;
  /** The namespaces by their addresses on it. */
  readonly owners: ReadonlyMap<string, string>;
};

/** A lab as its packets find it: LANs, addresses and routes of the links that are up. */
export type Network = {
  readonly lans: readonly NetworkLan[];
  /** By `netns/dev`. */
  readonly lanByDev: ReadonlyMap<string, NetworkLan>;
  readonly addressesByNetns: ReadonlyMap<string, readonly NetworkAddress[]>;
  /** By address. */
  readonly owners: ReadonlyMap<string, readonly NetworkAddress[]>;
  /** Those of the main table, by namespace. */
  readonly routesByNetns: ReadonlyMap<string, readonly LabRoute[]>;
  /** Namespaces where other tables than the main one may decide. */
  readonly netnsWithRules: ReadonlySet<string>;
  /** LANs with a namespace that may answer for the addresses of others (proxy ARP, proxy NDP). */
  readonly proxyLans: ReadonlySet<NetworkLan>;
  /** They may have routes that the lab does not know: the machine, containers, what CNI plugins attach, and where a daemon brings routes. */
  readonly foreign: ReadonlySet<string>;
  readonly forwards: (netns: string, family: 4 | 6) => boolean;
  /** The namespaces on a LAN that forward. */
  readonly routersOn: (lan: NetworkLan, family: 4 | 6) => readonly string[];
};

/** The network of a lab; a link that is down has no part in it. */
export const networkOf = memoizePerLab(buildNetwork);

function buildNetwork(lab: Lab): Network {
  const [open, forwards] = [openLans(lab), forwardingOf(lab)];
  const lans = lab.lans.map((lan) => ({
    ...{ lan, isOpen: open.has(lan) },
    ...{ members: new Map<string, NetworkAddress[]>(), owners: new Map<string, string>() },
  }));
  const lanByDev = new Map(
    lans.flatMap((one) => one.lan.members.map(({ netns, dev }) => [`${netns}/${dev}`, one] as const)),
  );
  const addresses = networkAddresses(lab, lanByDev);
  for (const one of addresses) {
    const lan = lanByDev.get(`${one.netns}/${one.dev}`);
    if (!lan) continue;
    appendTo(lan.members, one.netns, one);
    if (!lan.owners.has(one.address)) lan.owners.set(one.address, one.netns);
  }
  const addressesByNetns = groupBy(addresses, ({ netns }) => netns);
  const proxied = [...proxiesOf(lab)].flatMap((netns) => addressesByNetns.get(netns) ?? []);
  return {
    lans,
    lanByDev,
    addressesByNetns,
    owners: groupBy(addresses, ({ address }) => address),
    routesByNetns: groupBy(
      lab.routes.filter(({ table }) => table === RT_TABLE_MAIN),
      ({ netns }) => netns,
    ),
    netnsWithRules: new Set([...lab.rules, ...vrfPorts(lab)].map(({ netns }) => netns)),
    proxyLans: new Set(proxied.flatMap(({ lan }) => lan ?? [])),
    foreign: new Set([...foreignNamespaces(lab), ...lab.attachments.map(({ netns }) => netns)]),
    forwards,
    routersOn: createRouterLookup(forwards),
  };
}

/** What is routed by the table of a VRF. */
const vrfPorts = ({ cables, links, bridges }: Lab): readonly { readonly netns: string }[] =>
  [...cables.flatMap(({ ends }) => ends), ...links, ...bridges].filter(({ l3master }) => l3master !== undefined);

function createRouterLookup(forwards: Network['forwards']): Network['routersOn'] {
  const known = { 4: new Map<NetworkLan, readonly string[]>(), 6: new Map<NetworkLan, readonly string[]>() };
  return (lan, family) => {
    const found = known[family].get(lan) ?? [...lan.members.keys()].filter((netns) => forwards(netns, family));
    known[family].set(lan, found);
    return found;
  };
}

function networkAddresses(lab: Lab, lanByDev: Network['lanByDev']): readonly NetworkAddress[] {
  const down = downLinks(lab);
  return lab.addresses.flatMap(({ netns, dev, prefixes, peers }) => {
    if (down.has(`${netns}/${dev}`)) return [];
    const lan = lanByDev.get(`${netns}/${dev}`) ?? null;
    return prefixes.map((text) => {
      const prefix = requirePrefix(text);
      const peer = peers?.[text];
      const connected = peer === undefined ? prefix : peerPrefix(peer);
      return { netns, dev, address: formatAddress(prefix), prefix, text, connected, lan };
    });
  });
}

const peerPrefix = (peer: string): Prefix =>
  requirePrefix(peer.includes('/') ? peer : `${peer}/${addressBits(peer.includes(':') ? 6 : 4)}`);

const FORWARDING = {
  4: ['net/ipv4/ip_forward', 'net/ipv4/conf/all/forwarding'],
  6: ['net/ipv6/conf/all/forwarding'],
} as const;

const foreignNamespaces = ({ namespaces, processes }: Lab): ReadonlySet<string> =>
  new Set([
    'host',
    ...namespaces.flatMap(({ name, container }) => (container ? [name] : [])),
    ...processes.flatMap(({ netns, bringsRoutes }) => (bringsRoutes ? [netns] : [])),
  ]);

/** Whether a namespace forwards; the host and containers only where the file turns it on. */
function forwardingOf(lab: Lab): Network['forwards'] {
  const namespaces = new Map(lab.namespaces.map(({ name, sysctls }) => [name, sysctls]));
  const foreign = foreignNamespaces(lab);
  const set = new Map(lab.sysctls.map(({ netns, key, value }) => [`${netns} ${key}`, value]));
  return (netns, family) => {
    const [key] = FORWARDING[family];
    if (foreign.has(netns)) return FORWARDING[family].some((one) => (set.get(`${netns} ${one}`) ?? '0') !== '0');
    return (namespaces.get(netns)?.[key] ?? '0') !== '0';
  };
}

/** The key of the sysctl, of one link or of all, that makes a namespace answer for others. */
const PROXY_KEY = /\/proxy_(?:arp|arp_pvlan|ndp)$/;

const proxiesOf = (lab: Lab): ReadonlySet<string> =>
  new Set([
    ...lab.sysctls.filter(({ key, value }) => PROXY_KEY.test(key) && value !== '0').map(({ netns }) => netns),
    ...lab.namespaces
      .filter(({ writtenSysctls = [] }) =>
        writtenSysctls.some(({ key, value }) => PROXY_KEY.test(key) && value !== '0'),
      )
      .map(({ name }) => name),
  ]);
