import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { DeviceRef } from '../../model/lab-parts/device-ref.ts';
import { linkKindOf } from '../../model/link-kind.ts';
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
  const bridges = new Set(netns.bridges.map(({ name }) => name));
  const found = new Map<string, PortOwner>();
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
      if (!entry && bridges.has(value.name))
        refuse(`${value.name} is a bridge, which cannot be a port of ${phrase}`, 'name an interface');
      else if (!entry && !cableEnds.has(value.name))
        refuse(
          `${netns.name} has no link ${value.name}`,
          didYouMeanHint(value.name, [...entries.keys(), ...cableEnds], `interfaces in ${netns.name}`),
        );
      else if (value.name === owner.name || isBelow(found, owner, value.name))
        refuse(`${owner.name} cannot be a port of itself`, 'name another interface');
      else if (value.name === 'lo') refuse('lo cannot be a port', 'name another interface');
      else if (taken) refuse(`${value.name} is a port of ${taken.owner.name} already`, 'name it at one of them');
      else if (entry?.existing)
        refuse(
          `${value.name} is a link that the machine has; netform does not change its master`,
          'name an interface that the lab makes',
        );
      else if (entry?.bridge && takes === 'packets' && entry.own)
        refuse(`${value.name} is a port of a bridge already`, 'name it at one of them');
      else found.set(value.name, { owner, takes });
    }
  }
  return found;
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
