import { IP_FAMILIES, type LabModel } from '../../lab/model.ts';
import { addressesOnSharedLan, resolveNameAddresses } from '../../lab/naming/resolve-name.ts';
import type { FeatureContext } from '../../lab/registers.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { TopologyValue } from '../../model/topology.ts';
import { familyOf, isLinkLocalAddress, parseAddress } from '../../net/address.ts';
import { isLoopback } from '../../net/loopback.ts';
import { linkLocalOf } from '../../net/mac.ts';
import { prefixContains } from '../../net/prefix.ts';
import type { BgpSession } from '../../programs/router-data.ts';
import { findDevice } from './devices.ts';
import { type TopologyBgpPeer, writtenRouting } from './topology.ts';

/** The addresses of a namespace that others can send to. */
export const ownAddresses = (world: LabModel, netns: string): readonly string[] =>
  (world.addressesByNetns.get(netns) ?? [])
    .map(({ address }) => address)
    .filter((one) => !isLinkLocalAddress(one) && !isLoopback(one));

type NumberedPeer<Peer = TopologyBgpPeer> = { readonly peer: TopologyValue<Peer>; readonly nth: number };

/** One session for each family in which both have addresses: on a LAN of both, else at the first address of the other. */
export function sessionsWith(
  context: Pick<FeatureContext, 'world' | 'macs'>,
  netns: string,
  { peer: { value, at }, nth }: NumberedPeer,
): readonly BgpSession[] {
  const { world } = context;
  const { target, accept } = value;
  const name = (family: 4 | 6): string => `peer${nth + 1}v${family}`;
  if ('dev' in target) return linkSession(context, netns, { peer: { value: { ...value, target }, at }, nth });
  if ('address' in target) {
    const family = familyOf(target.address);
    const parsed = parseAddress(target.address);
    const isDirect = (world.addressesByNetns.get(netns) ?? []).some(
      ({ prefix }) => parsed && prefixContains(prefix, parsed),
    );
    return [
      {
        name: name(family),
        address: target.address,
        dev: null,
        families: [family],
        asn: value.asn ?? 0,
        isDirect,
        accept,
      },
    ];
  }
  const other = [world.topology.host, ...world.topology.namespaces].find((one) => one.name === target.ref.name);
  const asn = value.asn ?? (other ? (writtenRouting(other)?.bgp?.asn ?? null) : null);
  const all = resolveNameAddresses(world, { value: target.ref, at });
  if (all === null) return [];
  if (asn === null) {
    const hint = `write routing: { bgp: … } there, or { to: ${target.ref.name}, asn: NUMBER } here`;
    world.report(makeDiagnostic('bgp-peer', atValue(at), `${target.ref.name} has no BGP`, { hint }));
    return [];
  }
  const shared = addressesOnSharedLan(world, netns, all);
  const sessions = IP_FAMILIES.flatMap((family): BgpSession[] => {
    const near = shared.find((one) => familyOf(one.address) === family && !isLinkLocalAddress(one.address));
    const far = all.find(
      (one) => familyOf(one.address) === family && !isLinkLocalAddress(one.address) && !isLoopback(one.address),
    );
    const address = (near ?? far)?.address;
    const isOwn = ownAddresses(world, netns).some((one) => familyOf(one) === family);
    return address === undefined || !isOwn
      ? []
      : [{ name: name(family), address, dev: null, families: [family], asn, isDirect: near !== undefined, accept }];
  });
  if (sessions.length === 0) {
    const hint = 'give both an address of one family';
    world.report(
      makeDiagnostic('bgp-peer', atValue(at), `${netns} and ${target.ref.name} have no addresses of one family`, {
        hint,
      }),
    );
  }
  return sessions;
}

type LinkPeer = TopologyBgpPeer & { readonly target: { readonly dev: string } };

/** One session for both families with the only other router on the LAN of an interface, by the address that its MAC gives it. */
function linkSession(
  { world, macs }: Pick<FeatureContext, 'world' | 'macs'>,
  netns: string,
  { peer: { value, at }, nth }: NumberedPeer<LinkPeer>,
): readonly BgpSession[] {
  const { target, accept } = value;
  const link = findDevice(world, netns, { value: target.dev, at });
  if (link === null) return [];
  const everywhere = [world.topology.host, ...world.topology.namespaces];
  const engineOf = new Map(everywhere.map((one) => [one.name, writtenRouting(one)?.engine]));
  const routers = new Map(
    everywhere.flatMap((one) => {
      const asn = writtenRouting(one)?.bgp?.asn;
      return asn === undefined || one.name === netns ? [] : [[one.name, asn] as const];
    }),
  );
  const others = (world.segmentByLink.get(link)?.links ?? []).filter((one) => routers.has(one.netns));
  const [other] = others;
  const mac = other && macs.get(other);
  if (other !== undefined && others.length === 1 && mac !== undefined) {
    if (engineOf.get(other.netns) !== engineOf.get(netns)) {
      const message = `${netns} and ${other.netns} run two programs, which do not find each other over ${target.dev}`;
      const hint = 'write one engine for both, or give the link addresses and write to: NAME';
      world.report(makeDiagnostic('bgp-peer', atValue(at), message, { hint }));
      return [];
    }
    const asn = value.asn ?? routers.get(other.netns) ?? 0;
    const name = `peer${nth + 1}`;
    return [{ name, address: linkLocalOf(mac), dev: link.name, families: [4, 6], asn, isDirect: true, accept }];
  }
  const message = `${others.length} other routers are on the LAN of ${target.dev}, not one`;
  const hint = others.length === 0 ? 'give its other end BGP, or write to: ADDRESS' : 'write to: NAME for each';
  world.report(makeDiagnostic('bgp-peer', atValue(at), message, { hint }));
  return [];
}
