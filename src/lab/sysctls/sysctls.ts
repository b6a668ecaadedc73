import type { LabNamespace } from '../../model/lab.ts';
import type { LabSysctl } from '../../model/lab-parts/lab-sysctl.ts';
import type { TopologyNetns } from '../../model/topology.ts';
import { type Family, IP_FAMILIES, type LabModel } from '../model.ts';
import { resolveDevice } from '../wiring/resolve-device.ts';
import { addressFamilies, FORWARDING_SYSCTL_KEYS, type ForwardingLookup } from './forwarding.ts';

/**
 * What every namespace of ours relies on, in the order of writing; a new namespace copies the host's IPv4 settings, so
 * the zero ones are written too. The forwarding switches follow: ip_forward resets other keys.
 */
export const BASE_SYSCTLS: LabNamespace['sysctls'] = {
  'net/ipv6/conf/all/disable_ipv6': '0',
  'net/ipv6/conf/default/disable_ipv6': '0',
  'net/ipv6/conf/all/accept_ra': '0',
  'net/ipv6/conf/default/accept_ra': '0',
  'net/ipv6/conf/all/accept_dad': '0',
  'net/ipv6/conf/default/accept_dad': '0',
  'net/ipv6/conf/all/keep_addr_on_down': '1',
  'net/ipv6/conf/default/keep_addr_on_down': '1',
  'net/ipv4/conf/all/promote_secondaries': '1',
  'net/ipv4/conf/default/promote_secondaries': '1',
  'net/ipv4/conf/all/rp_filter': '0',
  'net/ipv4/conf/default/rp_filter': '0',
  'net/ipv4/conf/all/route_localnet': '0',
};

const ALL_DISABLE_IPV6 = 'net/ipv6/conf/all/disable_ipv6';
const DEFAULT_DISABLE_IPV6 = 'net/ipv6/conf/default/disable_ipv6';

/** A namespace with its sysctls: the base, forwarding, and what the user wrote (after forwarding, which would reset some). */
export function toLabNamespace(
  netns: TopologyNetns,
  { forwarding, families }: { readonly forwarding: ForwardingLookup; readonly families: ReadonlySet<Family> },
): LabNamespace {
  if (netns.container) return toLabContainer(netns, netns.container);
  const switches = IP_FAMILIES.map((family) => ({
    key: FORWARDING_SYSCTL_KEYS[family][0],
    ...forwarding(netns, family),
  }));
  const written = new Map(netns.sysctls.map(({ key, value }) => [key, value]));
  const idle = IP_FAMILIES.filter((family) => family !== 4 && !families.has(family)).map(
    (family) => FORWARDING_SYSCTL_KEYS[family][0],
  );
  const reasons = new Set(switches.flatMap(({ on, reason }) => (on && reason ? [reason] : [])));
  // In the kernel `all` sets `default`, too (`addrconf_disable_ipv6`); the base would set it back.
  const ofAll = written.get(ALL_DISABLE_IPV6);
  const ofDefault = ofAll === undefined ? {} : { [DEFAULT_DISABLE_IPV6]: ofAll };
  return {
    name: netns.name,
    at: netns.at,
    sysctls: {
      ...BASE_SYSCTLS,
      ...ofDefault,
      ...Object.fromEntries(switches.map(({ key, on }) => [key, on ? '1' : '0'])),
      ...Object.fromEntries(netns.sysctls.filter(({ key }) => !isLinkKey(key)).map(({ key, value }) => [key, value])),
    },
    unspecifiedSysctls: [...Object.keys(BASE_SYSCTLS), ...idle].filter(
      (key) => !written.has(key) && !(key in ofDefault),
    ),
    writtenSysctls: netns.sysctls.filter(({ key }) => !isLinkKey(key)),
    forwardingFor: reasons.size > 0 ? [...reasons].join(' and ') : null,
  };
}

/** One that is a container: its runtime has given it sysctls, and those of the lab are things of their own. */
const toLabContainer = (
  { name, at, sysctls }: TopologyNetns,
  container: NonNullable<LabNamespace['container']>,
): LabNamespace => ({
  ...{ name, at, sysctls: {}, unspecifiedSysctls: [], forwardingFor: null, container },
  writtenSysctls: sysctls.filter(({ key }) => !isLinkKey(key)),
});

/** Sysctls that are things of their own: those of the host and of containers, those that name a link, and what features require. */
export function toLabSysctls(
  world: LabModel,
  { forwarding, required }: { readonly forwarding: ForwardingLookup; readonly required: readonly LabSysctl[] },
): readonly LabSysctl[] {
  const { host, namespaces } = world.topology;
  const all = [
    ...[host, ...namespaces.filter(isForeign)].flatMap((netns) => foreignForwarding(world, netns, forwarding)),
    ...namespaces.filter(isForeign).flatMap((netns) => containerIpv6(world, netns)),
    ...explicitSysctls(world, host),
    ...namespaces.flatMap((netns) => explicitSysctls(world, netns)),
    ...required,
  ];
  const distinct = new Map<string, LabSysctl>();
  for (const one of all) if (!distinct.has(`${one.netns} ${one.key}`)) distinct.set(`${one.netns} ${one.key}`, one);
  return [...distinct.values()];
}

const LINK_KEY = /^(net\/ipv[46]\/(?:conf|neigh)\/)([^/]+)(\/.+)$/;

/** Whether a key stands in the folder of one link; `lo` is there from the first moment and counts as none. */
function isLinkKey(key: string): boolean {
  const dev = LINK_KEY.exec(key)?.[2];
  return dev !== undefined && dev !== 'all' && dev !== 'default' && dev !== 'lo';
}

/** Whether another program made a namespace, and has its sysctls: the machine, or a container. */
const isForeign = ({ name, container }: TopologyNetns): boolean => name === 'host' || container !== null;

/** Only ever on: netform does not lower what the machine has. */
function foreignForwarding(world: LabModel, host: TopologyNetns, forwarding: ForwardingLookup): readonly LabSysctl[] {
  const used = new Set([...world.addressesByNetns.keys()].flatMap((netns) => [...addressFamilies(world, netns)]));
  return IP_FAMILIES.flatMap((family) => {
    const { on, reason, at } = forwarding(host, family);
    const isWritten = host.sysctls.some(({ key }) => FORWARDING_SYSCTL_KEYS[family].some((one) => one === key));
    if (!on || isWritten || (reason === null && !used.has(family))) return [];
    const key = FORWARDING_SYSCTL_KEYS[family][0];
    return [{ netns: host.name, key, value: '1', dev: null, at: at ?? host.at, reason }];
  });
}

/** Runtimes turn IPv6 off in containers that have no IPv6 network of theirs: on the lab's links with such addresses it is on. */
function containerIpv6(world: LabModel, { name: netns }: TopologyNetns): readonly LabSysctl[] {
  const placed = world.addressesByNetns.get(netns) ?? [];
  const links = new Map(placed.filter(({ prefix }) => prefix.family === 6).map(({ link }) => [link.name, link]));
  return [...links.values()]
    .filter(({ name }) => name !== 'lo')
    .map(({ name: dev, at }) => {
      const key = `net/ipv6/conf/${dev}/disable_ipv6`;
      return { netns, key, value: '0', dev, at, reason: 'IPv6 in a container' };
    });
}

function explicitSysctls(world: LabModel, netns: TopologyNetns): readonly LabSysctl[] {
  return netns.sysctls.flatMap(({ key, value, at }): LabSysctl[] => {
    if (!isLinkKey(key))
      return isForeign(netns) ? [{ netns: netns.name, key, value, dev: null, at, reason: null }] : [];
    const [, before = '', label = '', after = ''] = LINK_KEY.exec(key) ?? [];
    const device = resolveDevice(world, netns.name, { value: label, at });
    if (!device) return [];
    const dev = device.link && device.link.kind !== 'existing' ? device.name : null;
    return [{ netns: netns.name, key: `${before}${device.name}${after}`, value, dev, at, reason: null }];
  });
}
