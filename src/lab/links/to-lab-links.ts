import type { Spec } from '../../model/json.ts';
import type { LabCable, LabEnd, LabLink } from '../../model/lab.ts';
import { hasOwnMac, type LinkFields, type LinkKind } from '../../model/link-kind.ts';
import { appendTo } from '../../model/values/group-by.ts';
import type { ModelLink, ModelVethPair, ModelVlans, ModelWiring } from '../model.ts';
import type { MtuLookup } from './mtus.ts';
import type { OwnLinks } from './own-links.ts';
import { plainOptions } from './plain-options.ts';

/** The values that are decided for every link of the lab. */
export type LinkMacsAndMtus = { readonly macs: ReadonlyMap<ModelLink, string>; readonly mtus: MtuLookup };

/** The desired state of a bridge. `members`: the VLANs of those that keep them apart; `filtered`: those whose frames pass netfilter. */
export function toLabBridge(
  kind: LinkKind,
  link: ModelLink,
  {
    macs,
    mtus,
    members,
    filtered,
  }: LinkMacsAndMtus & Pick<ModelVlans, 'members'> & { readonly filtered: ReadonlySet<ModelLink> },
): LabLink {
  return {
    kind: kind.name,
    ...endFields(link, macs),
    mtu: mtus(link),
    at: link.at,
    ...vlansOf(link, members),
    options: {
      ...plainOptions(kind, link.own),
      ...(members.has(link) && !kind.madeByProgram ? { vlanFiltering: true } : {}),
      ...(filtered.has(link) && !kind.madeByProgram ? { netfilter: true } : {}),
    },
    ...(kind.madeByProgram ? { madeByProgram: true } : {}),
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
  {
    macs,
    mtus,
    members,
    ports,
    targets,
  }: LinkMacsAndMtus & Pick<ModelVlans, 'members'> & PortLinkFields & { readonly targets: ReadonlySet<ModelLink> },
): LabCable {
  const [left, right] = wire.ends;
  const endOf = (link: ModelLink, other: ModelLink): LabEnd => {
    const { hairpin, ...port } = portSettings(link, ports);
    return {
      ...endFields(link, macs),
      mtu: mtus(link),
      hairpin: link.master !== null && (targets.has(other) || hairpin === true),
      ...(hairpin === undefined ? {} : { isHairpinWritten: true }),
      ...portFields(port),
      ...vlansOf(link, members),
    };
  };
  return { kind: kind.name, ends: [endOf(left, right), endOf(right, left)], at: wire.at };
}

/** The words of ports of bridges. */
type PortLinkFields = { readonly ports: LinkFields };

/** What is written at a port, by its words; nothing of a link that is not a port. */
const portSettings = ({ port, master }: ModelLink, fields: LinkFields): Spec =>
  Object.fromEntries(
    Object.keys(fields).flatMap((word) => {
      const value = master === null ? undefined : port?.values[word]?.value;
      return value === undefined || typeof value === 'object' ? [] : [[word, value]];
    }),
  );

/** For spreading: only where there are any. */
const portFields = (port: Spec): Pick<LabEnd, 'port'> => (Object.keys(port).length === 0 ? {} : { port });

const vlansOf = (link: ModelLink, members: ModelVlans['members']): Pick<LabEnd, 'vlans'> => {
  const vlans = members.get(link);
  return vlans === undefined ? {} : { vlans };
};

/** The desired state of the links with kinds of their own. */
export function toLabLinks(
  own: OwnLinks,
  {
    macs,
    mtus,
    joins,
    members,
    ports,
  }: LinkMacsAndMtus & Pick<ModelWiring, 'joins'> & Pick<ModelVlans, 'members'> & PortLinkFields,
): readonly LabLink[] {
  const meetings = new Map<ModelLink, ModelLink[]>();
  for (const [one, other] of joins) if (other.kind === 'own') appendTo(meetings, one, other);
  return [...own].map(([link, { kind, options, lower, overhead, tunnel }]) => ({
    kind: kind.name,
    ...endFields(link, macs),
    mtu: mtus(link) ?? (kind.isFound ? null : kind.takes ? DEFAULT_MTU : MIN_MTU),
    ...(kind.isFound ? { isFound: true as const } : {}),
    at: link.at,
    ...(hasOwnMac(kind, options) ? {} : { mac: '' }),
    options,
    ...accountsField(kind, options),
    lower: lower && { netns: lower.netns, name: lower.name },
    overhead,
    ...(kind.unique ? { twin: pickOptions(options, kind.unique) } : {}),
    ...meetsField(meetings.get(link)),
    tunnel,
    caption: kind.caption(options),
    ...portFields(portSettings(link, ports)),
    ...vlansOf(link, members),
  }));
}

const meetsField = (others: readonly ModelLink[] | undefined): Pick<LabLink, 'meets'> =>
  others ? { meets: others.map(({ netns, name }) => ({ netns, name })) } : {};

/** For spreading: only where one is written. */
function accountsField({ fields }: LinkKind, options: Spec): Pick<LabLink, 'accounts'> {
  const accounts = (['user', 'group'] as const).filter(
    (of) => fields[of]?.type === 'account' && typeof options[of] === 'string',
  );
  return accounts.length === 0 ? {} : { accounts };
}

const pickOptions = (options: Spec, keys: readonly string[]): Spec =>
  Object.fromEntries(keys.map((key) => [key, options[key] ?? null]));

const MIN_MTU = 68;
const DEFAULT_MTU = 1500;

/** The fields of a link of any kind that can be a port. */
const endFields = (link: ModelLink, macs: ReadonlyMap<ModelLink, string>): Omit<LabEnd, 'mtu' | 'hairpin'> => ({
  netns: link.netns,
  name: link.name,
  label: link.label,
  ...macFields(link, macs),
  up: link.up,
  master: link.master?.name ?? null,
  ...(link.l3master ? { l3master: link.l3master.name } : {}),
});

function macFields(
  link: ModelLink,
  macs: ReadonlyMap<ModelLink, string>,
): Pick<LabEnd, 'mac' | 'isMacUnspecified' | 'hasMacOfMaster'> {
  // A bond gives its MAC to its ports.
  const owner = link.master?.kind === 'own' ? link.master : null;
  if (owner) return { mac: macs.get(owner) ?? '', isMacUnspecified: true, hasMacOfMaster: true };
  const mac = macs.get(link) ?? '';
  return link.mac === null ? { mac, isMacUnspecified: true } : { mac };
}
