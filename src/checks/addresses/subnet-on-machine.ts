import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type Path, type SourceLocation } from '../../model/diagnostics/source-location.ts';
import { isJsonObject } from '../../model/json.ts';
import type { LinkLive, NetnsLive } from '../../model/kernel/live-state.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import { labOfMark } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import {
  formatPrefix,
  networkPrefix,
  networkText,
  onLinkNetworkText,
  type Prefix,
  prefixesOverlap,
  requirePrefix,
} from '../../net/prefix.ts';
import type { MachineCheck, MachineCheckContext } from '../check.ts';
import { linkSummaries, linkSummaryKey } from '../links/link-summaries.ts';
import { touchesHost } from '../machine/touches-host.ts';
import { bridgePhrase, linkPhrase } from '../phrases.ts';
import { nextFreeSubnet, subnetRemedy, takenSubnets } from './free-subnet.ts';
import { isRecordedSubnet, recordedPrefixes } from './recorded-subnet.ts';

/** A subnet of the lab that this machine is on, or has a route to. `reached`: the machine has an address in it. */
type LabHostSubnet = {
  readonly prefix: Prefix;
  readonly dev: string;
  readonly words: string;
  /** The subnet as it is written, else the link. */
  readonly at: SourceLocation;
  readonly reached: boolean;
};

/** A subnet that the machine has without this lab. */
type MachineSubnet = { readonly prefix: Prefix; readonly words: string; readonly dev: string };

/** A subnet of the lab on the host that overlaps one the machine already has. */
export const subnetOnMachine: MachineCheck = {
  name: 'subnet-on-machine',
  code: 'NF3002',
  rank: 40,
  title: 'Subnet already on this machine',
  explain:
    'A bridge of the host, or one of its interfaces, would get a subnet that overlaps an address or a route of the machine that is not this lab’s: a Docker network, a VPN, the local network. One of the two would become unreachable. It is a warning when the host has no address on the bridge, and for a lab that has the subnet already.',
  bad: `
bridges: { lan: { subnet: 172.17.0.0/24, address: 172.17.0.1 } }
`,
  good: `
bridges: { lan: { subnet: 192.168.15.0/24, address: 192.168.15.5 } }
`,
  query: (lab) => (touchesHost(lab) ? [{ need: 'namespace', netns: 'host' }] : []),
  find: (lab, live, context) => {
    const freeSubnet = nextFreeSubnet(() => takenSubnets(lab, live));
    return findSubnetRivals(lab, live, context).map(({ wanted, other, isPresent }) =>
      makeDiagnostic(
        'subnet-on-machine',
        wanted.at,
        `subnet ${formatPrefix(wanted.prefix)} of ${wanted.words} overlaps ${other.words}`,
        {
          severity: wanted.reached && !isPresent ? 'error' : 'warning',
          hint: subnetRemedy([freeSubnet(wanted.prefix)]),
        },
      ),
    );
  },
};

/** A subnet of the lab and what the machine has in it. `isPresent`: the lab has the subnet already. */
export type SubnetRival = {
  readonly wanted: LabHostSubnet;
  readonly other: MachineSubnet;
  readonly isPresent: boolean;
};

/** The subnets of a lab that overlap what this machine has without it. */
export function findSubnetRivals(
  lab: Lab,
  live: LiveState,
  context: Omit<MachineCheckContext, 'file'>,
): readonly SubnetRival[] {
  const host = live.get({ need: 'namespace', netns: 'host' });
  if (!host) return [];
  const present = presentOn(host, lab, { ...context, attached: linksOfAttachments(host, live) });
  return wantedBy(lab).flatMap((wanted) => {
    const other = present.find(({ prefix, dev }) => dev !== wanted.dev && prefixesOverlap(prefix, wanted.prefix));
    const isPresent = isRecordedSubnet(context.recorded, wanted.dev, formatPrefix(wanted.prefix));
    return other ? [{ wanted, other, isPresent }] : [];
  });
}

/** The subnets of the host's own addresses first, then LANs on which the host has no address. */
function wantedBy(lab: Lab): readonly LabHostSubnet[] {
  const words = new Map(linkSummaries(lab).map((link) => [linkSummaryKey(link), link.words]));
  const seen = new Set<string>();
  const all = [
    ...lab.addresses.flatMap(({ netns, dev, prefixes, peers = {}, at }) =>
      netns === 'host'
        ? prefixes.map((text) => ({
            text: onLinkNetworkText(text, peers[text]),
            dev,
            words: words.get(`host/${dev}`) ?? linkPhrase('host', dev),
            at,
            reached: true,
          }))
        : [],
    ),
    ...lab.lans.flatMap(({ bridge, subnets, at }) =>
      bridge?.netns === 'host'
        ? subnets.map((text) => ({
            text,
            dev: bridge.name,
            words: bridgePhrase('host', bridge.name),
            at,
            reached: false,
          }))
        : [],
    ),
  ];
  const places = new Map<string, Path>(
    lab.lans.flatMap(({ bridge, subnetPlaces = {} }) =>
      Object.entries(subnetPlaces).map(([text, place]) => [`${bridge?.name} ${text}`, place] as const),
    ),
  );
  return all.flatMap(({ text, at, ...rest }) => {
    const prefix = networkPrefix(requirePrefix(text));
    const key = `${rest.dev} ${formatPrefix(prefix)}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const place = places.get(key);
    return [{ prefix, ...rest, at: place ? atValue(place) : atKey(at) }];
  });
}

type PresentContext = Omit<MachineCheckContext, 'file'> & { readonly attached: ReadonlySet<string> };

function presentOn(host: NetnsLive, lab: Lab, context: PresentContext): readonly MachineSubnet[] {
  const known = new Set([lab.name, ...(context.conflicting ?? [])]);
  const isOurs = (dev: string) =>
    context.attached.has(dev) || known.has(labOfMark(host.links.get(dev)?.alias ?? null) ?? '');
  const own = new Set(
    [...lab.routes, ...context.recorded.map(recordedRoute)].flatMap((route) =>
      route?.netns === 'host' ? [`${route.to} ${route.table}`] : [],
    ),
  );
  const earlier = recordedPrefixes(context.recorded);
  const ownAddresses = new Set(earlier.map(({ dev, prefix }) => `${dev} ${prefix}`));
  const ownSubnets = new Set(earlier.map(({ dev, prefix }) => `${dev} ${networkText(prefix)}`));
  const addresses = host.addresses
    .filter(({ dev, scope }) => dev !== 'lo' && scope === 'global' && !isOurs(dev))
    .filter(({ dev, prefix }) => !ownAddresses.has(`${dev} ${prefix}`))
    .map(({ dev, prefix, peer }) => ({
      prefix: requirePrefix(onLinkNetworkText(prefix, peer)),
      dev,
      words: `${prefix} of ${ownerWords(host.links.get(dev), dev)}`,
    }));
  const routes = host.routes.flatMap(({ to, table, type, hops }) => {
    const dev = hops[0]?.dev;
    const prefix = requirePrefix(to);
    if (table !== RT_TABLE_MAIN || type !== 'unicast' || !dev || dev === 'lo' || own.has(`${to} ${table}`)) return [];
    return isOurs(dev) || ownSubnets.has(`${dev} ${to}`) || isDefault(prefix) || isLinkLocalRange(to)
      ? []
      : [{ prefix, dev, words: `the route to ${to} through ${ownerWords(host.links.get(dev), dev)}` }];
  });
  return [...addresses, ...routes];
}

/**
 * The links of the host that plugins have made for attachments of the lab, and that go with these: what their results say of the
 * host, bridges only where all that is plugged into them is of such results, too.
 */
function linksOfAttachments(host: NetnsLive, live: LiveState): ReadonlySet<string> {
  const named = new Set(
    live.all('attachment').flatMap(({ answer: { result } }) => {
      const links = Array.isArray(result?.['interfaces']) ? result['interfaces'].filter(isJsonObject) : [];
      return links.flatMap(({ name, sandbox }) => (typeof name === 'string' && !sandbox ? [name] : []));
    }),
  );
  const used = new Set([...host.links.values()].flatMap(({ name, master }) => (named.has(name) ? [] : (master ?? []))));
  return new Set([...named].filter((name) => !used.has(name)));
}

/** VPNs replace the default route by two routes of length 1. */
const isDefault = (prefix: Prefix): boolean => prefix.length <= 1;
const isLinkLocalRange = (to: string): boolean => to.startsWith('fe80:') || to.startsWith('ff00:');

function recordedRoute({ kind, netns, spec }: MachineCheckContext['recorded'][number]) {
  const { to, table } = { to: spec['to'], table: spec['table'] };
  return kind === 'route' && typeof to === 'string' && typeof table === 'number' ? { netns, to, table } : null;
}

/** `docker0 (Docker)`, `lan (lab other)`, `eth0`. */
function ownerWords(link: LinkLive | undefined, dev: string): string {
  const other = labOfMark(link?.alias ?? null);
  const maker = other ? `lab ${other}` : (MAKERS.find(({ name }) => name.test(dev))?.maker ?? null);
  return maker ? `${dev} (${maker})` : dev;
}

const MAKERS = [
  { name: /^(?:docker\d*|docker_gwbridge|br-[0-9a-f]{12})$/, maker: 'Docker' },
  { name: /^(?:podman|cni-podman)\d*$/, maker: 'Podman' },
  { name: /^virbr\d+/, maker: 'libvirt' },
  { name: /^(?:lxcbr|lxdbr|incusbr)\d+$/, maker: 'LXC' },
  { name: /^(?:cni\d+|flannel[.\d]|cali|cilium_|kube-ipvs|weave)/, maker: 'Kubernetes or CNI' },
  { name: /^tailscale\d*$/, maker: 'Tailscale' },
  { name: /^wg/, maker: 'WireGuard' },
  { name: /^(?:tun|tap|utun|ppp|vpn|zt)/, maker: 'a VPN' },
  { name: /^vboxnet\d+$/, maker: 'VirtualBox' },
  { name: /^vmnet\d+$/, maker: 'VMware' },
];
