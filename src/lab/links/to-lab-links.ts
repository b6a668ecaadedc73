import type { Spec } from '../../model/json.ts';
import type { LabCable, LabEnd, LabLink } from '../../model/lab.ts';
import { hasOwnMac, type LinkKind } from '../../model/link-kind.ts';
import { appendTo } from '../../model/values/group-by.ts';
import type { ModelLink, ModelVethPair, ModelWiring } from '../model.ts';
import type { MtuLookup } from './mtus.ts';
import type { OwnLinks } from './own-links.ts';
import { plainOptions } from './plain-options.ts';

/** The values that are decided for every link of the lab. */
export type LinkMacsAndMtus = { readonly macs: ReadonlyMap<ModelLink, string>; readonly mtus: MtuLookup };

/** The desired state of a bridge. */
export function toLabBridge(kind: LinkKind, link: ModelLink, { macs, mtus }: LinkMacsAndMtus): LabLink {
  return {
    kind: kind.name,
    ...endFields(link, macs),
    mtu: mtus(link),
    at: link.at,
    options: plainOptions(kind, link.own),
    lower: null,
    overhead: 0,
    tunnel: null,
    caption: '',
  };
}

/** The desired state of a veth pair. A bridge port that leads to a link of `targets` has hairpin on. */
export function toLabCable(
  kind: LinkKind,
  wire: ModelVethPair,
  { macs, mtus, targets }: LinkMacsAndMtus & { readonly targets: ReadonlySet<ModelLink> },
): LabCable {
  const [left, right] = wire.ends;
  const endOf = (link: ModelLink, other: ModelLink): LabEnd => ({
    ...endFields(link, macs),
    mtu: mtus(link),
    hairpin: link.master !== null && targets.has(other),
  });
  return { kind: kind.name, ends: [endOf(left, right), endOf(right, left)], at: wire.at };
}

/** The desired state of the links with kinds of their own. */
export function toLabLinks(
  own: OwnLinks,
  { macs, mtus, joins }: LinkMacsAndMtus & Pick<ModelWiring, 'joins'>,
): readonly LabLink[] {
  const meetings = new Map<ModelLink, ModelLink[]>();
  for (const [one, other] of joins) if (other.kind === 'own') appendTo(meetings, one, other);
  return [...own].map(([link, { kind, options, lower, overhead, tunnel }]) => ({
    kind: kind.name,
    ...endFields(link, macs),
    mtu: mtus(link) ?? MIN_MTU,
    at: link.at,
    ...(hasOwnMac(kind, options) ? {} : { mac: '' }),
    options,
    lower: lower && { netns: lower.netns, name: lower.name },
    overhead,
    ...(kind.unique ? { twin: pickOptions(options, kind.unique) } : {}),
    ...meetsField(meetings.get(link)),
    tunnel,
    caption: kind.caption(options),
  }));
}

const meetsField = (others: readonly ModelLink[] | undefined): Pick<LabLink, 'meets'> =>
  others ? { meets: others.map(({ netns, name }) => ({ netns, name })) } : {};

const pickOptions = (options: Spec, keys: readonly string[]): Spec =>
  Object.fromEntries(keys.map((key) => [key, options[key] ?? null]));

const MIN_MTU = 68;

/** The fields of a link of any kind that can be a port. */
const endFields = (link: ModelLink, macs: ReadonlyMap<ModelLink, string>): Omit<LabEnd, 'mtu' | 'hairpin'> => ({
  netns: link.netns,
  name: link.name,
  label: link.label,
  ...macFields(link, macs),
  up: link.up,
  master: link.master?.name ?? null,
});

function macFields(link: ModelLink, macs: ReadonlyMap<ModelLink, string>): Pick<LabEnd, 'mac' | 'isMacUnspecified'> {
  const mac = macs.get(link) ?? '';
  return link.mac === null ? { mac, isMacUnspecified: true } : { mac };
}
