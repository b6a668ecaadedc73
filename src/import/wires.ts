import type { BridgeValue } from '../model/instruction.ts';
import type { Json } from '../model/json.ts';
import { portNames } from '../net/port-names.ts';
import { filled, oneOrList, type Tree } from './imported.ts';
import { subnetsOf, writtenAddress } from './subnets.ts';
import { addressesOf, bridgeOf, type End, type Found, keyOf, lanOf } from './world.ts';

/** How pairs are written: as interfaces by namespace and name, and as cables. */
export type Wires = {
  /** By `netns/name`. Null: a cable names it, and nothing else is to be said. */
  readonly interfaces: ReadonlyMap<string, { readonly end: End; readonly value: Json }>;
  readonly cables: readonly Json[];
};

/** Whether an interface's default route does not go by its LAN's gateway. */
type Refused = ReadonlySet<string>;

/** Interfaces on bridges, where nobody has to know the name of the port, and cables for all others. */
export function wiresOf(found: Found, refused: Refused): Wires {
  const interfaces = new Map<string, { end: End; value: Json }>();
  const cables: Json[] = [];
  const short = shortPairs(found);
  for (const { near, far } of found.pairs) {
    const plugged = short.get(keyOf(near)) ?? short.get(keyOf(far));
    const ends = plugged ? [plugged] : [near, far];
    for (const end of ends) {
      const bridge = plugged ? lanOf(found, end)?.bridge : bridgeOf(found, end)?.bridge;
      const text = bridge ? bridgeText(bridge, end.netns) : null;
      interfaces.set(keyOf(end), {
        end,
        value: interfaceValue(found, end, { bridge: text, refused, plugged: plugged !== undefined }),
      });
    }
    if (!plugged) cables.push(cableOf([near, far]));
  }
  return { interfaces, cables };
}

/** Pairs of which one end is a port that netform would make by itself, by the key of the other end. */
function shortPairs(found: Found): ReadonlyMap<string, End> {
  const candidates = found.pairs.flatMap(({ near, far }) => {
    const [first, second] = [bridgeOf(found, near), bridgeOf(found, far)];
    if ((first === null) === (second === null)) return [];
    const [port, end] = first ? [near, far] : [far, near];
    const isPlain = port.link.up && addressesOf(found, port).length === 0;
    return isPlain ? [{ port, end }] : [];
  });
  const names = portNames(
    candidates.map(({ port, end }) => ({ netns: end.netns, interface: end.link.name, bridgeNetns: port.netns })),
    new Set(candidates.map(({ end }) => keyOf(end))),
  );
  const kept = candidates.filter(({ port }, i) => found.choice.ports === 'own' || names[i]?.name === port.link.name);
  return new Map(kept.map(({ end }) => [keyOf(end), end]));
}

const bridgeText = (bridge: End, netns: string): string =>
  bridge.netns === netns || bridge.netns === 'host' ? bridge.link.name : `${bridge.netns}:${bridge.link.name}`;

type Manner = { readonly bridge: string | null; readonly refused: Refused; readonly plugged: boolean };

function interfaceValue(found: Found, end: End, { bridge, refused, plugged }: Manner): Json {
  const { mac, mtu, up } = end.link;
  const lan = lanOf(found, end);
  const subnets = lan ? subnetsOf(found, lan) : [];
  const own = lan?.bridge.link.mtu ?? DEFAULT_MTU;
  const addresses = addressesOf(found, end).map((prefix) => writtenAddress(prefix, subnets));
  const rest = filled({
    mac: isWrittenMac(mac) ? mac : null,
    mtu: mtu === (plugged ? own : DEFAULT_MTU) ? null : mtu,
    state: up ? null : 'down',
    gateway: refused.has(keyOf(end)) ? false : null,
  });
  const address = addresses.length === 0 && plugged && subnets.length > 0 ? 'none' : oneOrList(addresses);
  if (bridge === null && Object.keys(rest).length === 0) return address;
  return filled({ bridge, address, ...rest });
}

const DEFAULT_MTU = 1500;

/** The kernel's own are random; what a person typed has zeros in it. */
export const isWrittenMac = (mac: string): boolean => mac.split(':').filter((byte) => byte === '00').length >= 2;

function cableOf(ends: readonly [End, End]): Json {
  const names = ends.map(({ netns, link }) => `${netns}:${link.name}`);
  return names.join(' -- ');
}

/** The kernel forgets addresses faster while the spanning tree changes (`__br_set_topology_change` in net/bridge/br_stp.c). */
const isPassing = ({ stp, ageing, forwardDelay }: BridgeValue): boolean => stp && ageing === 2 * forwardDelay;

/** A bridge as it is written: the subnet alone where there is nothing else to say. */
export function bridgeValue(found: Found, end: End, isNobodysGateway: boolean): Json {
  const lan = lanOf(found, end);
  const subnets = lan ? subnetsOf(found, lan) : [];
  const { mac, mtu, up, bridge } = end.link;
  const members = found.pairs.flatMap(({ near, far }) => [near, far]).map(({ link }) => link.mac);
  const rest: Tree = filled({
    address: oneOrList(addressesOf(found, end).map((prefix) => writtenAddress(prefix, subnets))),
    gateway: isNobodysGateway ? 'none' : null,
    mac: isWrittenMac(mac) && !members.includes(mac) ? mac : null,
    mtu: mtu === DEFAULT_MTU ? null : mtu,
    state: up ? null : 'down',
    stp: bridge?.stp ? true : null,
    ageing: bridge && bridge.ageing !== 300 && !isPassing(bridge) ? `${bridge.ageing}s` : null,
    forwardDelay: bridge && bridge.forwardDelay !== 15 ? `${bridge.forwardDelay}s` : null,
    priority: bridge && bridge.priority !== 32768 ? bridge.priority : null,
    multicastSnooping: bridge && !bridge.multicastSnooping ? false : null,
  });
  const subnet = oneOrList(subnets);
  if (Object.keys(rest).length === 0) return subnet ?? {};
  return filled({ subnet, ...rest });
}
