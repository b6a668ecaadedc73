import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { LinkTarget } from '../../model/diagnostics/link-options-context.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { Spec } from '../../model/json.ts';
import type { DeviceRef } from '../../model/lab-parts/device-ref.ts';
import { hasOwnMac, type LinkField, type LinkKind, linkKindOf } from '../../model/link-kind.ts';
import type { LinkFieldValue, TopologyLinkOptions, TopologyRef, TopologyValue } from '../../model/topology.ts';
import type { LabTunnel } from '../../model/values/link-relations.ts';
import { segmentRuleOf } from '../../model/values/link-segment.ts';
import { familyOf, parseAddress } from '../../net/address.ts';
import { formatModelLink, formatRef } from '../messages.ts';
import type { LabModel, ModelLink } from '../model.ts';
import { addressesOnSharedLan, noSharedLanProblem, resolveSharedAddresses } from '../naming/resolve-name.ts';
import type { ConnectedSubnetLookup } from '../routing/connected-subnets.ts';
import { resolveDevice } from '../wiring/resolve-device.ts';
import { type LowerLink, linkOptionsContext, type ResolvedTargets } from './options-context.ts';
import { plainOptions } from './plain-options.ts';

/** Every link with a kind of its own, with its options resolved. */
export type OwnLinks = ReadonlyMap<ModelLink, OwnLink>;

/** A link with a kind of its own, and its resolved options. */
export type OwnLink = {
  readonly kind: LinkKind;
  readonly options: Spec;
  readonly lower: LowerLink | null;
  /** The link that its packets leave by, as far as that is known. */
  readonly below: ModelLink | null;
  readonly overhead: number;
  readonly tunnel: LabTunnel | null;
};

type OwnLinkContext = {
  readonly world: LabModel;
  readonly connected: ConnectedSubnetLookup;
  readonly link: ModelLink;
  readonly kind: LinkKind;
  readonly own: TopologyLinkOptions;
};

/** Resolves the options of every link that has a kind of its own. What cannot be resolved is reported and left out. */
export function resolveOwnLinks(world: LabModel, connected: ConnectedSubnetLookup): OwnLinks {
  return new Map(
    world.wiring.links.flatMap((link): [ModelLink, OwnLink][] => {
      const { kind: role, own, vlan } = link;
      if ((role !== 'own' && vlan === null) || !own) return [];
      const resolved = resolveOwnLink({ world, connected, link, kind: linkKindOf(world.linkKinds, own.kind), own });
      return resolved ? [[link, resolved]] : [];
    }),
  );
}

/** Targets first: a device may be the one on a target's subnet. */
function resolveOwnLink(context: OwnLinkContext): OwnLink | null {
  const { kind, own, link } = context;
  const targets = resolveTargets(context);
  if (!targets) return null;
  const first = Object.fromEntries(Object.entries(targets).map(([key, [one]]) => [key, one?.address ?? '']));
  const lower = resolveLower(context, first);
  if (lower === undefined) return null;
  const options = {
    ...plainOptions(kind, own),
    ...first,
    ...besideOf(context),
    ...(kind.lower === null ? {} : { [kind.lower]: optionOf(link, lower) }),
  };
  const { world, connected } = context;
  if (kind.check && !kind.check(options, linkOptionsContext({ world, connected, link, own, lower, targets })))
    return null;
  if (link.mac && !hasOwnMac(kind, options)) reportForeignMac(world, link, { mac: link.mac, kind });
  const segment = segmentRuleOf(kind, own.values);
  const remotes = segment?.by === 'target' ? (targets[segment.field] ?? []).map(({ address }) => address) : [];
  const tunnel =
    segment?.by === 'target' ? { key: JSON.stringify(segment.same.map((key) => options[key] ?? null)), remotes } : null;
  const [target] = remotes;
  const below = lower?.link ?? (kind.lower === null ? linkBelow(context, target) : null);
  return { kind, options, lower, below, overhead: kind.overhead(options), tunnel };
}

/** The links beside it that options name, by the names that the kernel has for them. */
function besideOf({ world, link, kind, own }: OwnLinkContext): Spec {
  const named = Object.entries(kind.fields).flatMap(([key, { type }]): [string, string][] => {
    const written = own.values[key] as TopologyValue<DeviceRef> | null | undefined;
    if (type !== 'device' || key === kind.lower || !written) return [];
    return [[key, resolveDevice(world, link.netns, { value: written.value.name, at: written.at })?.name ?? '']];
  });
  return Object.fromEntries(named);
}

/** The link that leads to the target, or to the first end that it names. */
function linkBelow(context: OwnLinkContext, target: string | undefined): ModelLink | null {
  if (target !== undefined) return linkTowards(context, target);
  const { world, link, own } = context;
  const overlay = world.segmentByLink.get(link);
  const near = (own.ends ?? []).flatMap(({ name }) =>
    addressesOnSharedLan(world, link.netns, world.addressesByNetns.get(name) ?? []).filter(
      ({ segment }) => segment !== overlay,
    ),
  );
  return near[0] ? linkTowards(context, near[0].address) : null;
}

/** The link of the namespace on whose subnet an address is. */
function linkTowards({ connected, link }: OwnLinkContext, target: string): ModelLink | null {
  const address = parseAddress(target);
  return (address && connected.find(link.netns, address)?.device.link) ?? null;
}

function reportForeignMac(
  { report }: LabModel,
  link: ModelLink,
  { mac, kind }: { readonly mac: TopologyValue<string>; readonly kind: LinkKind },
): void {
  const has = kind.withoutMac ? `is ${kind.phrase}, which has no MAC` : 'has the MAC of its parent, and no other';
  const message = `${formatModelLink(link)} ${has}`;
  report(makeDiagnostic('bad-value', atValue(mac.at), message, { hint: 'leave the MAC out' }));
}

const optionOf = (link: ModelLink, lower: LowerLink | null): string | null =>
  lower && (lower.netns === link.netns ? lower.name : `${lower.netns}:${lower.name}`);

/** The addresses of the fields of type `target`; null, reported, when one has none. */
function resolveTargets(context: OwnLinkContext): ResolvedTargets | null {
  const found: Record<string, readonly LinkTarget[]> = {};
  for (const [key, field] of Object.entries(context.kind.fields)) {
    const written = context.own.values[key];
    if (field.type !== 'target' || !written) continue;
    const all: LinkTarget[] = [];
    for (const one of [written, ...(context.own.more?.[key] ?? [])]) {
      const target = resolveTarget(context, one, { field, first: all[0] ?? null });
      if (target === null) return null;
      all.push(target);
    }
    found[key] = all;
  }
  return found;
}

type TargetField = { readonly field: LinkField & { readonly type: 'target' }; readonly first: LinkTarget | null };

/** The address that a target stands for; names after the first prefer the family of the first. */
function resolveTarget(
  context: OwnLinkContext,
  { value, at }: TopologyValue<LinkFieldValue>,
  { field, first }: TargetField,
): LinkTarget | null {
  if (typeof value !== 'object') return null;
  if ('address' in value) return { address: value.address, ref: null, at };
  if (!('ref' in value)) return null;
  const like = first?.address ?? (field.familyOf === undefined ? null : context.own.values[field.familyOf]?.value);
  const family = field.family ?? (typeof like === 'string' ? familyOf(like) : null);
  const address = resolveName(context, { value: value.ref, at }, family);
  return address === null ? null : { address, ref: formatRef(value.ref), at };
}

/** The address of a name on a LAN that both share, other than the link's own. */
function resolveName(
  { world, link }: OwnLinkContext,
  ref: TopologyValue<TopologyRef>,
  family: 4 | 6 | null,
): string | null {
  const all = resolveSharedAddresses(world, link.netns, ref, 'target');
  if (!all) return null;
  const overlay = world.segmentByLink.get(link) ?? (link.master && world.segmentByLink.get(link.master));
  const below = all.filter(({ segment }) => segment === null || segment !== overlay);
  const found = below.find(({ prefix }) => family === null || prefix.family === family);
  const { broken } = world.wiring;
  if (!found && !broken.has(link.netns) && !broken.has(ref.value.name)) {
    const unreachable = { netns: link.netns, ref, all: below, use: 'target', family: family ?? undefined } as const;
    world.report(noSharedLanProblem(world, unreachable));
  }
  return found?.address ?? null;
}

/** The link below. Undefined, reported: there is none of that name. */
function resolveLower(
  { world, connected, link, kind, own }: OwnLinkContext,
  targets: { readonly [key: string]: string },
): LowerLink | null | undefined {
  const field = kind.lower === null ? undefined : kind.fields[kind.lower];
  if (kind.lower === null || field?.type !== 'device') return null;
  const written = own.values[kind.lower] as TopologyValue<DeviceRef> | null | undefined;
  if (!written) {
    const address = parseAddress(targets[field.towards ?? ''] ?? '');
    const device = address && connected.find(link.netns, address)?.device;
    return device ? { netns: link.netns, ...device } : null;
  }
  if (field.none && written.value.name === 'none') return null;
  const netns = written.value.netns ?? link.netns;
  const device = resolveDevice(world, netns, { value: written.value.name, at: written.at });
  return device ? { netns, ...device } : undefined;
}
