import { type LinkKinds, type LinkSegmentRule, linkKindOf } from '../../model/link-kind.ts';
import type { DeviceRef } from '../../model/topology.ts';
import { appendTo } from '../../model/values/group-by.ts';
import type { ModelLink, ModelVethPair, ModelWiring } from '../model.ts';

type JoinContext = Pick<ModelWiring, 'devices'> & { readonly vethPairs: readonly ModelVethPair[] };
type RuledLink = { readonly link: ModelLink; readonly rule: LinkSegmentRule };
type Join = ModelWiring['joins'][number];

/**
 * Pairs the links that share a LAN because of their kinds. Reads names and written addresses only, because the members of
 * a LAN have to be known before addresses are assigned.
 */
export function findJoins(linkKinds: LinkKinds, links: readonly ModelLink[], context: JoinContext): readonly Join[] {
  const ruled = links.flatMap((link): RuledLink[] => {
    const rule = link.kind === 'own' && link.own ? linkKindOf(linkKinds, link.own.kind).segment : null;
    return rule ? [{ link, rule }] : [];
  });
  if (ruled.length === 0) return [];
  const byTarget = ruled.filter(({ rule }) => rule.by === 'target');
  const byDevice = ruled.filter(({ rule }) => rule.by === 'device');
  return [...tunnelJoins(byTarget, links), ...deviceJoins(byDevice, context)];
}

/** The ends of one kind and key when one sends to the namespace of the other. */
function tunnelJoins(ends: readonly RuledLink[], links: readonly ModelLink[]): readonly Join[] {
  const holders = new Map<string, Set<string>>();
  for (const { netns, staticAddresses: written } of links) {
    for (const { address } of written) holders.set(address, (holders.get(address) ?? new Set()).add(netns));
  }
  const byKey = new Map<string, ModelLink[]>();
  for (const end of ends) appendTo(byKey, keyOf(end), end.link);
  return ends.flatMap((end) => {
    const { own } = end.link;
    const first = own?.values[end.rule.field];
    const targets = first ? [first, ...(own?.more?.[end.rule.field] ?? [])] : [];
    const isMeant = ({ netns }: ModelLink): boolean =>
      targets.some(({ value: to }) => {
        if (typeof to !== 'object') return false;
        if ('ref' in to) return to.ref.name === netns;
        return 'address' in to && (holders.get(to.address)?.has(netns) ?? false);
      });
    const others = byKey.get(keyOf(end)) ?? [];
    return others
      .filter((other) => other.netns !== end.link.netns && isMeant(other))
      .map((other) => [end.link, other] as const);
  });
}

const keyOf = ({ link: { own }, rule }: RuledLink): string =>
  JSON.stringify([own?.kind, ...rule.same.map((field) => own?.values[field]?.value ?? null)]);

/** Each link with the LAN of its device: its bridge, the cable that it is an end of, or the first link on that device. */
function deviceJoins(ruled: readonly RuledLink[], { devices, vethPairs }: JoinContext): readonly Join[] {
  const firsts = new Map<string, ModelLink>();
  const opposite = new Map(
    vethPairs.flatMap(({ ends: [left, right] }) => [
      [left, { other: right, first: left }] as const,
      [right, { other: left, first: left }] as const,
    ]),
  );
  return ruled.flatMap(({ link, rule }): Join[] => {
    const ref = link.own?.values[rule.field]?.value as DeviceRef | undefined;
    if (!ref) return [];
    const netns = ref.netns ?? link.netns;
    const device = devices.get(netns)?.get(ref.name);
    const wire = device && opposite.get(device);
    const lan =
      device?.master ?? (wire ? (wire.other.master ?? wire.first) : device?.kind === 'existing' ? null : device);
    if (lan && lan !== link) return [[link, lan]];
    const key = `${netns}/${ref.name}`;
    const first = firsts.get(key) ?? link;
    firsts.set(key, first);
    return first === link ? [] : [[link, first]];
  });
}
