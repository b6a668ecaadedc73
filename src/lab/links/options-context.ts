import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { LinkLan, LinkOptionsContext, LinkTarget } from '../../model/diagnostics/link-options-context.ts';
import { linkKindOf } from '../../model/link-kind.ts';
import type { TopologyLinkOptions } from '../../model/topology.ts';
import { parseAddress } from '../../net/address.ts';
import { prefixAddressText } from '../../net/prefix.ts';
import { formatModelLink } from '../messages.ts';
import type { LabModel, ModelLink } from '../model.ts';
import type { ConnectedSubnetLookup } from '../routing/connected-subnets.ts';
import { plainOptions } from './plain-options.ts';

/** `link` null: one of the machine that the file does not declare. */
export type LowerLink = { readonly netns: string; readonly name: string; readonly link: ModelLink | null };

type LinkOptionsInput = {
  readonly world: LabModel;
  readonly connected: ConnectedSubnetLookup;
  readonly link: ModelLink;
  readonly own: TopologyLinkOptions;
  readonly lower: LowerLink | null;
  readonly targets: ResolvedTargets;
};

/** The targets of a link by field, in the order of the file. */
export type ResolvedTargets = { readonly [field: string]: readonly LinkTarget[] };

/** Answers the questions of a kind's check about one link of the lab. */
export function linkOptionsContext({
  world,
  connected,
  link,
  own,
  lower,
  targets,
}: LinkOptionsInput): LinkOptionsContext {
  const { netns } = link;
  return {
    netns,
    phrase: formatModelLink(link),
    at: (field) => own.values[field]?.at ?? own.at,
    isWritten: (field) => Boolean(own.values[field]),
    targetsOf: (field) => targets[field] ?? [],
    lower: lower && {
      name: lower.name,
      isItself: lower.link !== null && (lower.link === link || lower.link === link.master),
      isDeclared: lower.link !== null,
      isPort: lower.link !== null && lower.link.master !== null,
      kind: lower.link?.kind === 'own' ? (lower.link.own?.kind ?? null) : null,
    },
    siblings: siblingsOf(world, link, lower),
    get ports() {
      return world.wiring.links.flatMap((one) => (one.master === link || one.l3master === link ? one.name : []));
    },
    isOwnAddress: (address) => connected.isOwn(netns, address),
    get ownAddresses() {
      if (!connected.complete(netns) || world.wiring.broken.has(netns)) return null;
      const placed = (world.addressesByNetns.get(netns) ?? []).map(({ address }) => address);
      return netns === 'host' ? [...new Set([...placed, ...machineAddresses(world)])] : placed;
    },
    lanOf: (address) => knownLan(world, connected.find(netns, parsed(address))?.placed?.segment),
    report: (check, at, message, more) => world.report(makeDiagnostic(check, at, message, more)),
  };
}

/** The addresses that links of the machine have now, those that the lab added among them. */
const machineAddresses = ({ currentAddresses }: LabModel): readonly string[] =>
  Object.entries(currentAddresses).flatMap(([key, prefixes]) =>
    key.startsWith('host/') ? prefixes.map(prefixAddressText) : [],
  );

/** The other links, of any kind, that name the same link below. */
function siblingsOf(world: LabModel, link: ModelLink, lower: LowerLink | null): LinkOptionsContext['siblings'] {
  if (lower === null) return [];
  return world.wiring.links.flatMap((other) => {
    const { own } = other;
    if (other === link || other.kind !== 'own' || own === null) return [];
    const kind = linkKindOf(world.linkKinds, own.kind);
    const device = kind.lower === null ? null : own.values[kind.lower]?.value;
    if (typeof device !== 'object' || device === null || !('netns' in device)) return [];
    if (device.name !== lower.name || (device.netns ?? other.netns) !== lower.netns) return [];
    const options = plainOptions(kind, own);
    return [{ kind: kind.name, phrase: formatModelLink(other), option: (key: string) => options[key] ?? null }];
  });
}

/** The LAN, unless others than the lab's may be on it, or an address of the lab is missing. */
function knownLan(world: LabModel, segment: LabModel['segments'][number] | null | undefined): LinkLan | null {
  if (!segment || world.wiring.broken.size > 0 || segment.links.some(({ kind }) => kind === 'existing')) return null;
  const placed = segment.links.flatMap((one) => world.addressesByLink.get(one) ?? []);
  const addresses = placed.map(({ address, link }) => ({ address, netns: link.netns, phrase: formatModelLink(link) }));
  return { label: segment.label, addresses };
}

function parsed(text: string) {
  const address = parseAddress(text);
  if (!address) throw new Error(`invariant: ${text} is not an address`);
  return address;
}
