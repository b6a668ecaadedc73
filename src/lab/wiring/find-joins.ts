import type { DeviceRef } from '../../model/lab-parts/device-ref.ts';
import { type LinkKinds, linkKindOf } from '../../model/link-kind.ts';
import { appendTo } from '../../model/values/group-by.ts';
import { type LinkSegmentRule, segmentRuleOf } from '../../model/values/link-segment.ts';
import type { ModelLink, ModelVethPair, ModelVlans, ModelWiring } from '../model.ts';
import { createLanForest } from './lan-forest.ts';

type JoinContext = Pick<ModelWiring, 'devices'> &
  Pick<ModelVlans, 'untagged' | 'members'> & { readonly vethPairs: readonly ModelVethPair[] };
type RuledLink = { readonly link: ModelLink; readonly rule: LinkSegmentRule };
type Join = ModelWiring['joins'][number];

/**
 * Pairs the links that share a LAN because of their kinds. Reads names and written addresses only, because the members of
 * a LAN have to be known before addresses are assigned.
 */
export function findJoins(linkKinds: LinkKinds, links: readonly ModelLink[], context: JoinContext): readonly Join[] {
  const ruled = links.flatMap((link): RuledLink[] => {
    const { kind, own } = link;
    const rule = kind === 'own' && own ? segmentRuleOf(linkKindOf(linkKinds, own.kind), own.values) : null;
    return rule ? [{ link, rule }] : [];
  });
  if (ruled.length === 0) return [];
  const byTarget = ruled.filter(({ rule }) => rule.by === 'target');
  const byDevice = ruled.filter(({ rule }) => rule.by === 'device');
  const byEnds = ruled.filter(({ rule }) => rule.by === 'ends').map(({ link }) => link);
  const plain = [...tunnelJoins(byTarget, links), ...deviceJoins(byDevice, context), ...endJoins(byEnds)];
  return [
    ...plain,
    ...tagJoins(
      ruled.filter(({ rule }) => rule.by === 'tag' || rule.by === 'group'),
      { ...context, joins: plain },
    ),
  ];
}

/** The ends of one kind and key when one sends to the namespace of the other. */
function tunnelJoins(ends: readonly RuledLink[], links: readonly ModelLink[]): readonly Join[] {
  const holders = new Map<string, Set<string>>();
  for (const { netns, staticAddresses: written } of links) {
    for (const { address } of written) holders.set(address, (holders.get(address) ?? new Set()).add(netns));
  }
  const byPlace = new Map<string, RuledLink[]>();
  for (const end of ends) appendTo(byPlace, `${end.link.netns} ${keyOf(end)}`, end);
  const targetsOf = ({ link: { own }, rule }: RuledLink): readonly string[] => {
    const first = own?.values[rule.field];
    const written = first ? [first, ...(own?.more?.[rule.field] ?? [])] : [];
    const places = written.flatMap(({ value: to }): readonly string[] => {
      if (typeof to !== 'object') return [];
      if ('ref' in to) return [to.ref.name];
      return 'address' in to ? [...(holders.get(to.address) ?? [])] : [];
    });
    return [...new Set(places)];
  };
  const meets = (end: RuledLink, other: RuledLink): boolean => {
    const isOpen = !other.link.own?.values[other.rule.field];
    return !end.rule.mutual || isOpen || targetsOf(other).includes(end.link.netns);
  };
  return ends.flatMap((end) =>
    targetsOf(end)
      .filter((netns) => netns !== end.link.netns)
      .flatMap((netns) => byPlace.get(`${netns} ${keyOf(end)}`) ?? [])
      .filter((other) => meets(end, other))
      .map((other) => [end.link, other.link] as const),
  );
}

/** Each link with those that it names; a namespace alone stands for its only link of the kind. */
const endJoins = (links: readonly ModelLink[]): readonly Join[] =>
  links.flatMap((link) =>
    (link.own?.ends ?? []).flatMap(({ name, part }): Join[] => {
      const those = links.filter(
        (other) => other.netns === name && other.own?.kind === link.own?.kind && (part ?? other.label) === other.label,
      );
      const [other] = those;
      return other && those.length === 1 && other !== link ? [[link, other]] : [];
    }),
  );

const keyOf = ({ link: { own }, rule }: RuledLink): string =>
  JSON.stringify([own?.kind, ...rule.same.map((field) => own?.values[field]?.value ?? null)]);

type Opposites = ReadonlyMap<ModelLink, { readonly other: ModelLink; readonly first: ModelLink }>;

/** The other end of each end of a pair, and which of both is the first. */
const oppositeEnds = (vethPairs: readonly ModelVethPair[]): Opposites =>
  new Map(
    vethPairs.flatMap(({ ends: [left, right] }) => [
      [left, { other: right, first: left }] as const,
      [right, { other: left, first: left }] as const,
    ]),
  );

/** What stands for the LAN that a device is on: its master, its bridge, the cable that it is an end of. Null: a link of the machine, or a trunk that drops frames without a tag. */
function lanOfDevice(
  device: ModelLink | undefined,
  opposites: Opposites,
  untagged: ModelVlans['untagged'],
): ModelLink | null {
  if (!device) return null;
  const port = portOfDevice(device, opposites);
  return port ? untagged(port) : (opposites.get(device)?.first ?? (device.kind === 'existing' ? null : device));
}

/** The port of a bridge that a device is, or that it leads to. */
const portOfDevice = (device: ModelLink, opposites: Opposites): ModelLink | undefined =>
  [device, opposites.get(device)?.other].find((end) => end?.master);

function deviceRefOf({ link, rule }: RuledLink): { readonly netns: string; readonly name: string } | null {
  const ref = link.own?.values[rule.field]?.value as DeviceRef | undefined;
  return ref ? { netns: ref.netns ?? link.netns, name: ref.name } : null;
}

/** Each link with the LAN of its device, or the first link on that device. */
function deviceJoins(ruled: readonly RuledLink[], { devices, vethPairs, untagged }: JoinContext): readonly Join[] {
  const firsts = new Map<string, ModelLink>();
  const opposites = oppositeEnds(vethPairs);
  return ruled.flatMap((one): Join[] => {
    const { link } = one;
    const ref = deviceRefOf(one);
    if (!ref) return [];
    const lan = lanOfDevice(devices.get(ref.netns)?.get(ref.name), opposites, untagged);
    if (lan && lan !== link) return [[link, lan]];
    const key = `${ref.netns}/${ref.name}`;
    const first = firsts.get(key) ?? link;
    firsts.set(key, first);
    return first === link ? [] : [[link, first]];
  });
}

/** The links with equal tags or groups on one LAN, those on links with tags of their own after these. */
function tagJoins(
  ruled: readonly RuledLink[],
  { devices, vethPairs, untagged, members, joins }: JoinContext & { readonly joins: readonly Join[] },
): readonly Join[] {
  if (ruled.length === 0) return [];
  const opposites = oppositeEnds(vethPairs);
  // Bridges that keep VLANs apart pass on what their trunks have: `resolveVlans` knows where to.
  const passing = vethPairs.filter(({ ends }) => !ends.some((end) => members.has(end)));
  const forest = createLanForest(passing, joins, untagged);
  const numbers = new Map<ModelLink, number>();
  const numberOf = (link: ModelLink): number => {
    const number = numbers.get(link) ?? numbers.size;
    numbers.set(link, number);
    return number;
  };
  const firsts = new Map<string, ModelLink>();
  const found: Join[] = [];
  for (const one of fromBelow(ruled, devices)) {
    const ref = deviceRefOf(one);
    if (!ref) continue;
    const device = devices.get(ref.netns)?.get(ref.name);
    const isFiltered =
      one.rule.by === 'tag' &&
      device &&
      [device, portOfDevice(device, opposites)].some((link) => link && members.has(link));
    const lan = isFiltered ? null : lanOfDevice(device, opposites, untagged);
    const key = `${lan ? numberOf(forest.rootOf(lan)) : `${ref.netns}/${ref.name}`} ${keyOf(one)}`;
    const first = firsts.get(key) ?? one.link;
    firsts.set(key, first);
    if (first === one.link) continue;
    found.push([one.link, first]);
    forest.join(one.link.master ?? one.link, first.master ?? first);
  }
  return found;
}

/** Links whose device has a tag, too, come after it. */
function fromBelow(ruled: readonly RuledLink[], devices: JoinContext['devices']): readonly RuledLink[] {
  const byLink = new Map(ruled.map((one) => [one.link, one]));
  const depths = new Map<ModelLink, number>();
  const depthOf = (one: RuledLink): number => {
    const known = depths.get(one.link);
    if (known !== undefined) return known;
    // What stands on itself is a mistake that is reported elsewhere.
    depths.set(one.link, 0);
    const ref = deviceRefOf(one);
    const below = ref && devices.get(ref.netns)?.get(ref.name);
    const lower = below && byLink.get(below);
    const depth = lower ? depthOf(lower) + 1 : 0;
    depths.set(one.link, depth);
    return depth;
  };
  return ruled.toSorted((a, b) => depthOf(a) - depthOf(b));
}
