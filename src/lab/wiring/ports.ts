import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { DeviceRef } from '../../model/lab-parts/device-ref.ts';
import { type LinkKind, linkKindOf } from '../../model/link-kind.ts';
import type { TopologyInterface, TopologyNetns, TopologyValue } from '../../model/topology.ts';
import { didYouMeanHint } from '../messages.ts';
import type { LabModelInput, ModelLink } from '../model.ts';

/** Whose port a link is: the entry that names it, and what that takes of its ports. */
export type PortOwner = { readonly owner: TopologyInterface; readonly takes: 'frames' | 'packets' };

/** The ports that the links of a namespace name, by their names. What cannot be a port is reported and left out. */
export function resolvePorts(
  source: LabModelInput,
  netns: TopologyNetns,
  cableEnds: ReadonlySet<string>,
): ReadonlyMap<string, PortOwner> {
  const entries = new Map(netns.interfaces.map((entry) => [entry.name, entry]));
  const bridges = new Map(netns.bridges.map((bridge) => [bridge.name, bridge]));
  const found = new Map<string, PortOwner>();
  for (const entry of netns.interfaces) refuseOnBridge(source, netns, entry);
  for (const owner of netns.interfaces) {
    if (!owner.own || owner.own === 'wrong') continue;
    const { takes, phrase, fields } = linkKindOf(source.linkKinds, owner.own.kind);
    const [field] = Object.entries(fields).find(([, { type }]) => type === 'ports') ?? [];
    if (!takes || field === undefined) continue;
    const first = owner.own.values[field];
    for (const port of first ? [first, ...(owner.own.more?.[field] ?? [])] : []) {
      const { value, at } = port as TopologyValue<DeviceRef>;
      const refuse = (message: string, hint: string): void =>
        source.report(makeDiagnostic('bad-value', atValue(at), message, { hint }));
      const entry = entries.get(value.name);
      const taken = found.get(value.name);
      const bridge = entry ? undefined : bridges.get(value.name);
      const unfit =
        entry?.own && entry.own !== 'wrong' && whyNoPort(linkKindOf(source.linkKinds, entry.own.kind), takes);
      if (bridge && takes === 'frames')
        refuse(
          `${value.name} is a bridge, and ${phrase} would take its frames`,
          `make ${owner.name} a port of ${value.name}`,
        );
      else if (bridge?.own && linkKindOf(source.linkKinds, bridge.own.kind).madeByProgram)
        refuse(`${value.name} is a bridge of a program, which cannot be a port of ${phrase}`, 'name an interface');
      else if (!entry && !bridge && !cableEnds.has(value.name))
        refuse(
          `${netns.name} has no link ${value.name}`,
          didYouMeanHint(value.name, [...entries.keys(), ...cableEnds], `interfaces in ${netns.name}`),
        );
      else if (value.name === owner.name || isBelow(found, owner, value.name))
        refuse(`${owner.name} cannot be a port of itself`, 'name another interface');
      else if (value.name === 'lo') refuse('lo cannot be a port', 'name another interface');
      else if (taken) refuse(`${value.name} is a port of ${taken.owner.name} already`, 'name it at one of them');
      else if (unfit)
        refuse(`${value.name} is ${unfit}, which cannot be a port of ${phrase}`, 'name another interface');
      else if (entry?.bridge && (entry.existing || (takes === 'packets' && entry.own)))
        refuse(`${value.name} is a port of a bridge already`, 'name it at one of them');
      else found.set(value.name, { owner, takes });
    }
  }
  return found;
}

/** Reports a link that is written as a port of a bridge and cannot be one. */
function refuseOnBridge({ linkKinds, report }: LabModelInput, netns: TopologyNetns, entry: TopologyInterface): void {
  const { name, own, bridge } = entry;
  const unfit = bridge && own && own !== 'wrong' && whyNoPort(linkKindOf(linkKinds, own.kind), 'frames');
  if (!unfit) return;
  const message = `${netns.name}:${name} is ${unfit}, which cannot be a port of a bridge`;
  report(makeDiagnostic('bad-value', atValue(bridge.at), message, { hint: 'leave out the bridge' }));
}

/**
 * Why links of a kind cannot be ports; null: they can. A VRF cannot be a port of anything (`do_vrf_add_slave`, `bond_enslave`
 * and `br_add_if` of the kernel), and what gives up its frames needs frames, and a MAC of its own.
 */
function whyNoPort(kind: LinkKind, takes: 'frames' | 'packets'): string | null {
  if (kind.takes === 'packets') return kind.phrase;
  if (takes === 'packets') return null;
  if (kind.withoutMac) return `${kind.phrase} without a MAC`;
  return kind.isNoPort ? kind.phrase : null;
}

/** Whether a link stands above another by what is known of the ports. */
function isBelow(found: ReadonlyMap<string, PortOwner>, { name }: TopologyInterface, other: string): boolean {
  for (let above = found.get(name); above; above = found.get(above.owner.name))
    if (above.owner.name === other) return true;
  return false;
}

/** A link as a port of its owner. A port that gives up its frames has no address of its own. */
export const asPort = (link: ModelLink, owner: ModelLink, { takes }: PortOwner): ModelLink =>
  takes === 'packets' ? { ...link, l3master: owner } : { ...link, master: owner, automatic: false };
