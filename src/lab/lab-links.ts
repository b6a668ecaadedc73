import type { LabBridge, LabCable, LabEnd, LabVxlan } from '../model/lab.ts';
import type { Mtus } from './mtus.ts';
import type { Tunnels } from './vxlans.ts';
import type { Link, Wire } from './world.ts';

/** Defaults of the kernel (include/uapi/linux/if_link.h, net/bridge/br_if.c), in seconds. */
const BRIDGE_DEFAULTS = { ageing: 300, forwardDelay: 15, priority: 32768 } as const;

/** What is decided for every link of the lab. */
export type Decided = { readonly macs: ReadonlyMap<Link, string>; readonly mtus: Mtus };

/** A bridge as it shall be. */
export function labBridge(link: Link, { macs, mtus }: Decided): LabBridge[] {
  const { bridge, netns, name, label, at, up } = link;
  if (!bridge) return [];
  const { stp, multicastSnooping } = bridge;
  const times = {
    ageing: bridge.ageing ?? BRIDGE_DEFAULTS.ageing,
    forwardDelay: bridge.forwardDelay ?? BRIDGE_DEFAULTS.forwardDelay,
    priority: bridge.priority ?? BRIDGE_DEFAULTS.priority,
  };
  return [{ netns, name, label, at, ...macOf(link, macs), mtu: mtus(link), up, stp, ...times, multicastSnooping }];
}

/** A veth pair as it shall be; the ports under which a link of `targets` is get hairpin. */
export function labCable(wire: Wire, { macs, mtus }: Decided, targets: ReadonlySet<Link>): LabCable {
  const [left, right] = wire.ends;
  const endOf = (link: Link, other: Link): LabEnd => ({
    ...endLink(link, macs),
    mtu: mtus(link),
    hairpin: link.master !== null && targets.has(other),
  });
  return { ends: [endOf(left, right), endOf(right, left)], at: wire.at };
}

/** Vxlans as they shall be. */
export function labVxlans(tunnels: Tunnels, { macs, mtus }: Decided): readonly LabVxlan[] {
  return [...tunnels].map(([link, { vxlan, remote, dev }]) => ({
    ...endLink(link, macs),
    ...{ mtu: mtus(link) ?? LEAST_MTU, at: link.at },
    ...{ id: vxlan.id.value, remote, local: vxlan.local?.value ?? null, dev: dev?.name ?? null, port: vxlan.port },
  }));
}

const LEAST_MTU = 68;

/** What a link of any kind has that can be a port. */
const endLink = (link: Link, macs: ReadonlyMap<Link, string>): Omit<LabEnd, 'mtu' | 'hairpin'> => ({
  netns: link.netns,
  name: link.name,
  label: link.label,
  ...macOf(link, macs),
  up: link.up,
  master: link.master?.name ?? null,
});

function macOf(link: Link, macs: ReadonlyMap<Link, string>): Pick<LabEnd, 'mac' | 'hasOpenMac'> {
  const mac = macs.get(link) ?? '';
  return link.mac === null ? { mac, hasOpenMac: true } : { mac };
}
