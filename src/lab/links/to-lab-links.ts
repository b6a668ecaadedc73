import type { LabBridge, LabCable, LabEnd, LabVxlan } from '../../model/lab.ts';
import type { ModelLink, ModelVethPair } from '../model.ts';
import type { MtuLookup } from './mtus.ts';
import type { VxlanTunnels } from './vxlan-tunnels.ts';

/** Defaults of the kernel (include/uapi/linux/if_link.h, net/bridge/br_if.c), in seconds. */
const BRIDGE_DEFAULTS = { ageing: 300, forwardDelay: 15, priority: 32768 } as const;

/** What is decided for every link of the lab. */
export type LinkMacsAndMtus = { readonly macs: ReadonlyMap<ModelLink, string>; readonly mtus: MtuLookup };

/** The desired state of a bridge. */
export function toLabBridge(link: ModelLink, { macs, mtus }: LinkMacsAndMtus): LabBridge[] {
  const { bridge, netns, name, label, at, up } = link;
  if (!bridge) return [];
  const { stp, multicastSnooping } = bridge;
  const times = {
    ageing: bridge.ageing ?? BRIDGE_DEFAULTS.ageing,
    forwardDelay: bridge.forwardDelay ?? BRIDGE_DEFAULTS.forwardDelay,
    priority: bridge.priority ?? BRIDGE_DEFAULTS.priority,
  };
  return [{ netns, name, label, at, ...macFields(link, macs), mtu: mtus(link), up, stp, ...times, multicastSnooping }];
}

/** The desired state of a veth pair. A bridge port that leads to a link of `targets` has hairpin on. */
export function toLabCable(
  wire: ModelVethPair,
  { macs, mtus }: LinkMacsAndMtus,
  targets: ReadonlySet<ModelLink>,
): LabCable {
  const [left, right] = wire.ends;
  const endOf = (link: ModelLink, other: ModelLink): LabEnd => ({
    ...endFields(link, macs),
    mtu: mtus(link),
    hairpin: link.master !== null && targets.has(other),
  });
  return { ends: [endOf(left, right), endOf(right, left)], at: wire.at };
}

/** The desired state of the vxlans. */
export function toLabVxlans(tunnels: VxlanTunnels, { macs, mtus }: LinkMacsAndMtus): readonly LabVxlan[] {
  return [...tunnels].map(([link, { vxlan, remote, dev }]) => ({
    ...endFields(link, macs),
    ...{ mtu: mtus(link) ?? MIN_MTU, at: link.at },
    ...{ id: vxlan.id.value, remote, local: vxlan.local?.value ?? null, dev: dev?.name ?? null, port: vxlan.port },
  }));
}

const MIN_MTU = 68;

/** What a link of any kind has that can be a port. */
const endFields = (link: ModelLink, macs: ReadonlyMap<ModelLink, string>): Omit<LabEnd, 'mtu' | 'hairpin'> => ({
  netns: link.netns,
  name: link.name,
  label: link.label,
  ...macFields(link, macs),
  up: link.up,
  master: link.master?.name ?? null,
});

function macFields(link: ModelLink, macs: ReadonlyMap<ModelLink, string>): Pick<LabEnd, 'mac' | 'hasOpenMac'> {
  const mac = macs.get(link) ?? '';
  return link.mac === null ? { mac, hasOpenMac: true } : { mac };
}
