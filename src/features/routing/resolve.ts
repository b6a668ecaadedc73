import { IP_FAMILIES, type LabModel } from '../../lab/model.ts';
import { addressesOnSharedLan, resolveNameAddresses } from '../../lab/naming/resolve-name.ts';
import type { FeatureContext, FeatureContribution } from '../../lab/registers.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import { addressId } from '../../model/ids.ts';
import { labRunFolder } from '../../model/kernel/lab-process.ts';
import type { TopologyNetns, TopologyValue } from '../../model/topology.ts';
import { shortSha256 } from '../../model/values/short-sha256.ts';
import { familyOf, isLinkLocalAddress, parseAddress } from '../../net/address.ts';
import { isLoopback } from '../../net/loopback.ts';
import { prefixContains } from '../../net/prefix.ts';
import { type BgpSession, bird, type RouterData } from '../../programs/bird.ts';
import { type TopologyBgpPeer, type TopologyRouting, writtenRouting } from './topology.ts';

/** The name of the process of a routing daemon. */
export const ROUTING_PROCESS = 'routing';

/** The routers, each with its process and its files; they forward. */
export function resolveRouters({ world }: FeatureContext): FeatureContribution {
  const found = world.topology.namespaces.flatMap((netns) => {
    const written = writtenRouting(netns);
    return written === null ? [] : [{ netns: netns.name, at: written.at, data: toData(world, netns, written) }];
  });
  if (found.length === 0) return {};
  const runs = found.map(({ netns, data, at }) => {
    const links = new Set((world.addressesByNetns.get(netns) ?? []).map(({ link }) => link.name));
    return bird(data, {
      ...{ netns, name: ROUTING_PROCESS, at, folder: `${labRunFolder(world.topology.name, netns)}/routing` },
      after: [...links].map((dev) => addressId(netns, dev)),
    });
  });
  return {
    value: found,
    processes: runs.map(({ process }) => process),
    storedFiles: runs.flatMap(({ storedFiles }) => storedFiles),
    forwarding: found.flatMap(({ netns, at }) =>
      IP_FAMILIES.filter((family) => ownAddresses(world, netns).some((one) => familyOf(one) === family)).map(
        (family) => ({
          ...{ netns, family, reason: 'routing', at },
        }),
      ),
    ),
  };
}

const ownAddresses = (world: LabModel, netns: string): readonly string[] =>
  (world.addressesByNetns.get(netns) ?? [])
    .map(({ address }) => address)
    .filter((one) => !isLinkLocalAddress(one) && !isLoopback(one));

function toData(world: LabModel, netns: TopologyNetns, { bgp, ospf }: TopologyRouting): RouterData {
  return {
    routerId: bgp?.routerId ?? ownAddresses(world, netns.name).find((one) => !one.includes(':')) ?? madeId(netns.name),
    bgp: bgp && {
      ...{ asn: bgp.asn, networks: bgp.networks, connected: bgp.connected },
      sessions: bgp.peers.flatMap((peer, nth) => sessionsWith(world, netns.name, { peer, nth })),
    },
    ospf: ospf && {
      area: ospf.area,
      interfaces: ospf.interfaces.flatMap((one) => deviceOf(world, netns.name, one)),
      passive: ospf.passive.flatMap((one) => deviceOf(world, netns.name, one)),
    },
  };
}

/** An id for a router without an IPv4 address: made from its name, and never the address of a host. */
const madeId = (netns: string): string => {
  const bytes = Buffer.from(shortSha256(new TextEncoder().encode(netns)));
  return `0.${bytes[0]}.${bytes[1]}.${(bytes[2] ?? 0) || 1}`;
};

function deviceOf(world: LabModel, netns: string, { value, at }: TopologyValue<string>): readonly string[] {
  const device = world.wiring.devices.get(netns)?.get(value);
  if (device) return [device.name];
  const known = [...new Set([...(world.wiring.devices.get(netns)?.values() ?? [])].map(({ label }) => label))];
  const hint = `there are ${known.join(', ')}`;
  world.report(makeDiagnostic('unknown-interface', atValue(at), `${netns} has no interface ${value}`, { hint }));
  return [];
}

type NumberedPeer = { readonly peer: TopologyValue<TopologyBgpPeer>; readonly nth: number };

/** One session for each family in which both have addresses: on a LAN of both, else at the first address of the other. */
function sessionsWith(
  world: LabModel,
  netns: string,
  { peer: { value, at }, nth }: NumberedPeer,
): readonly BgpSession[] {
  const { target, accept } = value;
  const name = (family: 4 | 6): string => `peer${nth + 1}v${family}`;
  if ('address' in target) {
    const family = familyOf(target.address);
    const parsed = parseAddress(target.address);
    const isDirect = (world.addressesByNetns.get(netns) ?? []).some(
      ({ prefix }) => parsed && prefixContains(prefix, parsed),
    );
    return [{ name: name(family), address: target.address, family, asn: value.asn ?? 0, isDirect, accept }];
  }
  const other = world.topology.namespaces.find((one) => one.name === target.ref.name);
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
      : [{ name: name(family), address, family, asn, isDirect: near !== undefined, accept }];
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
