import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { type LinkLan, type LinkOptionsContext, type LinkTarget, linkKindOf } from '../../model/link-kind.ts';
import type { TopologyLinkOptions } from '../../model/topology.ts';
import { parseAddress } from '../../net/address.ts';
import { prefixAddressText } from '../../net/prefix.ts';
import { formatModelLink } from '../messages.ts';
import type { LabModel, ModelLink } from '../model.ts';
import type { ConnectedSubnetLookup } from '../routing/connected-subnets.ts';

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
      isPort: lower.link !== null && lower.link.master !== null,
      kind: lower.link?.kind === 'own' ? (lower.link.own?.kind ?? null) : null,
    },
    siblings: siblingsOf(world, link, own, lower),
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

/** The other links of the kind that name the same link below. */
function siblingsOf(
  world: LabModel,
  link: ModelLink,
  own: TopologyLinkOptions,
  lower: LowerLink | null,
): LinkOptionsContext['siblings'] {
  const field = linkKindOf(world.linkKinds, own.kind).lower;
  if (lower === null || field === null) return [];
  return world.wiring.links.flatMap((other) => {
    const device = other.own?.kind === own.kind ? other.own.values[field]?.value : null;
    if (other === link || typeof device !== 'object' || device === null || !('netns' in device)) return [];
    if (device.name !== lower.name || (device.netns ?? other.netns) !== lower.netns) return [];
    return [{ phrase: formatModelLink(other), written: (key: string) => other.own?.values[key]?.value ?? null }];
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
