import type { LabBridge, LabCable, LabEnd } from '../model/lab.ts';
import { mtusOf } from './mtus.ts';
import type { Link, Wire } from './world.ts';

/** Defaults of the kernel (include/uapi/linux/if_link.h, net/bridge/br_if.c), in seconds. */
const BRIDGE_DEFAULTS = { ageing: 300, forwardDelay: 15, priority: 32768 } as const;

/** A bridge as it shall be; `macs` holds the MAC of every link. */
export function labBridge(link: Link, macs: ReadonlyMap<Link, string>): LabBridge[] {
  const { bridge, netns, name, label, at, mtu, up } = link;
  if (!bridge) return [];
  const { stp, multicastSnooping } = bridge;
  const times = {
    ageing: bridge.ageing ?? BRIDGE_DEFAULTS.ageing,
    forwardDelay: bridge.forwardDelay ?? BRIDGE_DEFAULTS.forwardDelay,
    priority: bridge.priority ?? BRIDGE_DEFAULTS.priority,
  };
  return [{ netns, name, label, at, ...macOf(link, macs), mtu, up, stp, ...times, multicastSnooping }];
}

/** A veth pair as it shall be; the ports under which a link of `targets` is get hairpin. */
export function labCable(wire: Wire, macs: ReadonlyMap<Link, string>, targets: ReadonlySet<Link>): LabCable {
  const [left, right] = wire.ends;
  const [leftMtu, rightMtu] = mtusOf(wire);
  const endOf = (link: Link, mtu: number | null, other: Link): LabEnd => ({
    netns: link.netns,
    name: link.name,
    label: link.label,
    ...macOf(link, macs),
    mtu,
    up: link.up,
    master: link.master?.name ?? null,
    hairpin: link.master !== null && targets.has(other),
  });
  return { ends: [endOf(left, leftMtu, right), endOf(right, rightMtu, left)], at: wire.at };
}

function macOf(link: Link, macs: ReadonlyMap<Link, string>): Pick<LabEnd, 'mac' | 'hasOpenMac'> {
  const mac = macs.get(link) ?? '';
  return link.mac === null ? { mac, hasOpenMac: true } : { mac };
}
