import { isJsonObject, type Json } from '../model/json.ts';
import { hasOwnMac, lowerOf, sectionKind } from '../model/link-kind.ts';
import { bridgePortNames } from '../net/bridge-port-names.ts';
import { FLOOD_MAC, isGeneratedMac } from '../net/mac.ts';
import { importTables } from './links/bridge-tables.ts';
import { importImpairment } from './links/impairments.ts';
import { importOptions } from './links/link-options.ts';
import { importPortSettings } from './links/port-settings.ts';
import { importWireguard } from './links/wireguard-words.ts';
import {
  endpointAddresses,
  type ImportEndpoint,
  type ImportModel,
  importEndpointKey,
  importNetnsState,
  lanOfEndpoint,
  lanOfPort,
  type OwnEndpoint,
  writtenAddressValues,
} from './model.ts';
import { type JsonMap, omitEmpty, oneOrList } from './result.ts';
import { importedLanSubnets, outlyingSubnets, shortenAddress } from './subnets.ts';

/** How pairs are written: as interfaces by namespace and name, and as cables. */
export type InterfaceSections = {
  /** By `netns/name`. Null: a cable names it, and nothing else is to be said. */
  readonly interfaces: ReadonlyMap<string, { readonly end: ImportEndpoint; readonly value: Json }>;
  readonly cables: readonly Json[];
};

/** `refused`: the interfaces whose default routes do not go by the gateways of their LANs; `hasForwards`: some ports hairpin for port forwards. */
type InterfaceChoices = { readonly refused: ReadonlySet<string>; readonly hasForwards: boolean };

/** Interfaces on bridges, where no command needs the name of the port, and cables for all others. */
export function importInterfaces(found: ImportModel, choices: InterfaceChoices): InterfaceSections {
  const interfaces = new Map<string, { end: ImportEndpoint; value: Json }>();
  const cables: Json[] = [];
  const short = shortPairs(found);
  for (const { near, far } of found.pairs) {
    const plugged = short.get(importEndpointKey(near)) ?? short.get(importEndpointKey(far));
    const ends = plugged ? [plugged] : [near, far];
    for (const end of ends) {
      const bridge = plugged ? lanOfEndpoint(found, end)?.bridge : lanOfPort(found, end)?.bridge;
      const text = bridge ? bridgeText(bridge, end.netns) : null;
      interfaces.set(importEndpointKey(end), {
        end,
        value: interfaceValue(found, end, {
          bridge: text,
          ...choices,
          port: plugged ? [near, far].find((one) => one !== plugged) : end,
          plugged: plugged !== undefined,
          cable: [near, far],
        }),
      });
    }
    if (!plugged) cables.push(cableOf([near, far]));
  }
  for (const end of found.own) {
    const bridge = lanOfPort(found, end)?.bridge.link.name ?? null;
    interfaces.set(importEndpointKey(end), { end, value: ownValue(found, end, { bridge, ...choices }) });
  }
  return { interfaces, cables };
}

function ownValue(
  found: ImportModel,
  end: OwnEndpoint,
  { bridge, refused, hasForwards }: Pick<InterfaceImportContext, 'bridge' | keyof InterfaceChoices>,
): Json {
  const { mac, mtu, up } = end.link;
  const { kind, options } = end;
  const addresses = writtenAddressValues(found, end);
  const rest = omitEmpty({
    bridge,
    port: bridge === null ? null : importPortSettings(found, end, hasForwards),
    address: oneOrList(addresses),
    mac: isWrittenMac(found, end) && hasOwnMac(kind, options) ? mac : null,
    mtu: mtu === mtuOver(found, end) ? null : mtu,
    state: up ? null : 'down',
    gateway: refused.has(importEndpointKey(end)) ? false : null,
    impair: importImpairment(found.inventory.live, end.netns, end.link.name),
  });
  return {
    [kind.name]: {
      ...importOptions(kind, options),
      ...importTargets(found, end),
      ...importPorts(found, end),
      ...importWireguard(found, end),
    },
    ...rest,
  };
}

/** The field with the ports of a link that takes some: those that say that they are its. */
function importPorts(found: ImportModel, { netns, link, kind }: OwnEndpoint): JsonMap {
  const [field] = Object.entries(kind.fields).find(([, { type }]) => type === 'ports') ?? [];
  if (field === undefined) return {};
  const all = [...(importNetnsState(found, netns)?.links.values() ?? [])];
  const ports = all.filter(({ master }) => master === link.name).map(({ name }) => name);
  return ports.length === 0 ? {} : { [field]: ports };
}

/** The field with a list of targets, where the forwarding table has more than the one that is the link's own. */
function importTargets(found: ImportModel, { netns, link, kind, options }: OwnEndpoint): JsonMap {
  const [field] =
    Object.entries(kind.fields).find(([, { type, ...rest }]) => type === 'target' && 'list' in rest) ?? [];
  const first = field === undefined ? null : options[field];
  if (field === undefined || typeof first !== 'string') return {};
  const entries = found.inventory.live.get({ need: 'forwarding-entries', netns }) ?? [];
  const more = entries.filter(
    ({ dev, mac, to, unknown }) => dev === link.name && mac === FLOOD_MAC && to !== first && !unknown,
  );
  return more.length === 0 ? {} : { [field]: [first, ...more.map(({ to }) => to)] };
}

/** The MTU that follows for a link over one with the found MTU (src/lab/links/mtus.ts); a NIC of the machine is ignored. */
function mtuOver(found: ImportModel, { netns, kind, options }: OwnEndpoint): number {
  const lower = lowerOf(kind, { netns, options });
  const below = lower && importNetnsState(found, lower.netns)?.links.get(lower.name);
  return (below && below.kind !== null ? below.mtu : DEFAULT_MTU) - kind.overhead(options);
}

/** Pairs with one end that is a port netform would make by itself, by the key of the other end. */
function shortPairs(found: ImportModel): ReadonlyMap<string, ImportEndpoint> {
  const candidates = found.pairs.flatMap(({ near, far }) => {
    const [first, second] = [lanOfPort(found, near), lanOfPort(found, far)];
    if ((first === null) === (second === null)) return [];
    const [port, end] = first ? [near, far] : [far, near];
    const isPlain = port.link.up && endpointAddresses(found, port).length === 0;
    return isPlain ? [{ port, end }] : [];
  });
  const names = bridgePortNames(
    candidates.map(({ port, end }) => ({ netns: end.netns, interface: end.link.name, bridgeNetns: port.netns })),
    new Set(candidates.map(({ end }) => importEndpointKey(end))),
  );
  const kept = candidates.filter(({ port }, i) => found.choice.ports === 'own' || names[i]?.name === port.link.name);
  return new Map(kept.map(({ end }) => [importEndpointKey(end), end]));
}

const bridgeText = (bridge: ImportEndpoint, netns: string): string =>
  bridge.netns === netns || bridge.netns === 'host' ? bridge.link.name : `${bridge.netns}:${bridge.link.name}`;

type InterfaceImportContext = InterfaceChoices & {
  readonly bridge: string | null;
  /** The end that is the port of the bridge. */
  readonly port: ImportEndpoint | undefined;
  readonly plugged: boolean;
  readonly cable: readonly [ImportEndpoint, ImportEndpoint];
};

function interfaceValue(
  found: ImportModel,
  end: ImportEndpoint,
  { bridge, refused, hasForwards, port, plugged, cable }: InterfaceImportContext,
): Json {
  const { mac, mtu, up } = end.link;
  const lan = lanOfEndpoint(found, end);
  const subnets = lan ? importedLanSubnets(found, lan) : [];
  const addresses = writtenAddressValues(found, end, (prefix) => shortenAddress(prefix, subnets));
  const rest = omitEmpty({
    port: bridge === null || port === undefined ? null : importPortSettings(found, port, hasForwards),
    mac: isWrittenMac(found, end) ? mac : null,
    mtu: mtu === (plugged ? (lan?.bridge.link.mtu ?? DEFAULT_MTU) : mtuOfCable(found, cable)) ? null : mtu,
    state: up ? null : 'down',
    gateway: refused.has(importEndpointKey(end)) ? false : null,
    impair: importImpairment(found.inventory.live, end.netns, end.link.name),
  });
  const address = addresses.length === 0 && plugged && subnets.length > 0 ? 'none' : oneOrList(addresses);
  // A map alone would be an interface, not an address.
  const isShort =
    bridge === null && Object.keys(rest).length === 0 && (Array.isArray(address) || !isJsonObject(address));
  if (isShort) return address;
  return omitEmpty({ bridge, address, ...rest });
}

const DEFAULT_MTU = 1500;

/** The MTU that both ends of a cable have by default: that of the bridge of either (src/lab/links/mtus.ts); null: they differ. */
function mtuOfCable(found: ImportModel, cable: readonly [ImportEndpoint, ImportEndpoint]): number | null {
  if (cable[0].link.mtu !== cable[1].link.mtu) return null;
  const bridges = cable.flatMap((end) => lanOfPort(found, end)?.bridge ?? []);
  const giver = bridges.find((bridge) => bridge.link.mtu !== DEFAULT_MTU || ownPorts(found, bridge).length > 0);
  return giver?.link.mtu ?? DEFAULT_MTU;
}

/**
 * Whether a MAC is to be written: it was set, and not by netform. Where the kernel does not say who did: its own are random,
 * and what a person typed has zeros in it.
 */
function isWrittenMac({ inventory }: ImportModel, { netns, link: { name, mac } }: ImportEndpoint): boolean {
  const written = inventory.writtenMacs.get(netns);
  const isSet = written ? written.has(name) : mac.split(':').filter((byte) => byte === '00').length >= 2;
  return isSet && !isGeneratedMac(mac);
}

function cableOf(ends: readonly [ImportEndpoint, ImportEndpoint]): Json {
  const names = ends.map(({ netns, link }) => `${netns}:${link.name}`);
  return names.join(' -- ');
}

/** The links with kinds of their own that are ports of a bridge: without an MTU of its own it has the least of theirs. */
const ownPorts = (found: ImportModel, { netns, link: { name } }: ImportEndpoint): readonly ImportEndpoint[] =>
  found.own.filter((end) => end.netns === netns && end.link.master === name);

const isPortOf = ({ netns, link }: ImportEndpoint, bridge: ImportEndpoint): boolean =>
  netns === bridge.netns && link.master === bridge.link.name;

/** A bridge as it is written: the subnet alone where there is nothing else to say. */
export function importBridge(found: ImportModel, end: ImportEndpoint, isNobodysGateway: boolean): Json {
  const lan = lanOfEndpoint(found, end);
  const subnets = lan ? importedLanSubnets(found, lan) : [];
  const { mac, mtu, up, options } = end.link;
  const members = found.pairs.flatMap(({ near, far }) => [near, far]).map(({ link }) => link.mac);
  const over = ownPorts(found, end).map(({ link }) => link.mtu);
  const wires = found.pairs.flatMap(({ near, far }) => [near, far]).filter((one) => isPortOf(one, end));
  const isMeantByWires = over.length === 0 && wires.length > 0 && wires.every(({ link }) => link.mtu !== mtu);
  const isDerived = mtu === (over.length > 0 ? Math.min(...over) : DEFAULT_MTU) && !isMeantByWires;
  const rest: JsonMap = omitEmpty({
    address: oneOrList(writtenAddressValues(found, end, (prefix) => shortenAddress(prefix, subnets))),
    gateway: isNobodysGateway ? 'none' : null,
    mac: isWrittenMac(found, end) && !members.includes(mac) ? mac : null,
    mtu: isDerived ? null : mtu,
    state: up ? null : 'down',
    ...(options ? importOptions(sectionKind(found.linkKinds, 'bridges'), options) : {}),
    vlanFiltering: options?.['vlanFiltering'] === true ? true : null,
    ...importTables(found, end),
  });
  const subnet = oneOrList([...subnets, ...(lan ? outlyingSubnets(found, lan) : [])]);
  if (Object.keys(rest).length === 0) return subnet ?? {};
  return omitEmpty({ subnet, ...rest });
}
