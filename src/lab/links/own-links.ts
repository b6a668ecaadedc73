import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { Json, Spec } from '../../model/json.ts';
import type { LabTunnel } from '../../model/lab.ts';
import { type LinkField, type LinkKind, linkKindOf } from '../../model/link-kind.ts';
import type {
  DeviceRef,
  LinkFieldValue,
  TopologyLinkOptions,
  TopologyRef,
  TopologyValue,
} from '../../model/topology.ts';
import { familyOf, parseAddress } from '../../net/address.ts';
import { formatModelLink } from '../messages.ts';
import type { LabModel, ModelLink } from '../model.ts';
import { noSharedLanProblem, resolveSharedAddresses } from '../naming/resolve-name.ts';
import type { ConnectedSubnetLookup } from '../routing/connected-subnets.ts';
import { resolveDevice } from '../wiring/resolve-device.ts';
import { type LowerLink, linkOptionsContext } from './options-context.ts';

/** Every link with a kind of its own, with its options resolved. */
export type OwnLinks = ReadonlyMap<ModelLink, OwnLink>;

/** A link with a kind of its own, and its resolved options. */
export type OwnLink = {
  readonly kind: LinkKind;
  readonly options: Spec;
  readonly lower: LowerLink | null;
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
      const { kind: role, own } = link;
      if (role !== 'own' || !own) return [];
      const resolved = resolveOwnLink({ world, connected, link, kind: linkKindOf(world.linkKinds, own.kind), own });
      return resolved ? [[link, resolved]] : [];
    }),
  );
}

/** The options whose values are all there is to know of them; what is not written is as the kernel has it. */
export const plainOptions = ({ fields }: LinkKind, own: TopologyLinkOptions | null): Spec =>
  Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, plainValue(own?.values[key] ?? null, field)]));

function plainValue(written: TopologyValue<LinkFieldValue> | null, field: LinkField): Json {
  if (written && typeof written.value !== 'object') return written.value;
  return 'default' in field ? (field.default ?? null) : null;
}

/** Targets first: a device may be the one on a target's subnet. */
function resolveOwnLink(context: OwnLinkContext): OwnLink | null {
  const { kind, own, link } = context;
  const targets = resolveTargets(context);
  if (!targets) return null;
  const lower = resolveLower(context, targets);
  if (lower === undefined) return null;
  const options = {
    ...plainOptions(kind, own),
    ...targets,
    ...(kind.lower === null ? {} : { [kind.lower]: optionOf(link, lower) }),
  };
  const { world, connected } = context;
  if (kind.check && !kind.check(options, linkOptionsContext({ world, connected, link, own, lower }))) return null;
  if (link.mac && kind.inheritsMac?.(options)) reportForeignMac(world, link, link.mac);
  const { segment } = kind;
  const remote = segment?.by === 'target' ? options[segment.field] : null;
  const tunnel =
    segment && typeof remote === 'string'
      ? { key: JSON.stringify(segment.same.map((key) => options[key] ?? null)), remote }
      : null;
  return { kind, options, lower, overhead: kind.overhead(options), tunnel };
}

function reportForeignMac({ report }: LabModel, link: ModelLink, mac: TopologyValue<string>): void {
  const message = `${formatModelLink(link)} has the MAC of its parent, and no other`;
  report(makeDiagnostic('bad-value', atValue(mac.at), message, { hint: 'leave the MAC out' }));
}

const optionOf = (link: ModelLink, lower: LowerLink | null): string | null =>
  lower && (lower.netns === link.netns ? lower.name : `${lower.netns}:${lower.name}`);

/** The addresses of the fields of type `target`; null, reported, when one has none. */
function resolveTargets(context: OwnLinkContext): { readonly [key: string]: string } | null {
  const found: Record<string, string> = {};
  for (const [key, field] of Object.entries(context.kind.fields)) {
    const written = context.own.values[key];
    if (field.type !== 'target' || !written || typeof written.value !== 'object') continue;
    const { value, at } = written;
    if ('address' in value) found[key] = value.address;
    else if ('ref' in value) {
      const address = resolveName(context, { value: value.ref, at }, field.familyOf);
      if (address === null) return null;
      found[key] = address;
    }
  }
  return found;
}

/** The address of a name on a LAN that both share, other than the link's own. */
function resolveName(
  { world, link, own }: OwnLinkContext,
  ref: TopologyValue<TopologyRef>,
  familyField?: string,
): string | null {
  const all = resolveSharedAddresses(world, link.netns, ref);
  if (!all) return null;
  const overlay = world.segmentByLink.get(link) ?? (link.master && world.segmentByLink.get(link.master));
  const below = all.filter(({ segment }) => segment === null || segment !== overlay);
  const like = familyField === undefined ? undefined : own.values[familyField]?.value;
  const family = typeof like === 'string' ? familyOf(like) : null;
  const found = below.find(({ prefix }) => family === null || prefix.family === family);
  const { broken } = world.wiring;
  if (!found && !broken.has(link.netns) && !broken.has(ref.value.name)) {
    world.report(noSharedLanProblem(link.netns, ref, below, family ?? undefined));
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
