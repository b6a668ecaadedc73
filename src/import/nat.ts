import {
  isLabTable,
  parseRulesetNat,
  type RulesetNat,
  type RulesetPortForward,
  type RulesetSourceNat,
} from '../firewall/nft-parse/nat.ts';
import type { Json } from '../model/json.ts';
import type { PortRange } from '../model/topology.ts';
import { bracketIpv6, familyOf, parseAddress } from '../net/address.ts';
import { formatPrefix, networkPrefix, parsePrefix, prefixContainsText } from '../net/prefix.ts';
import { endpointAddresses, type ImportModel, importNetnsState, netnsDisplayName } from './model.ts';
import { omitEmpty, oneOrList } from './result.ts';
import { importedLanSubnets } from './subnets.ts';

/** Address translation as it is written. */
export type NatSections = {
  /** By namespace. */
  readonly nat: ReadonlyMap<string, readonly Json[]>;
  readonly forwards: ReadonlyMap<string, readonly Json[]>;
  /** By the namespace that is published. */
  readonly publish: ReadonlyMap<string, readonly Json[]>;
  readonly needsForwarding: ReadonlySet<string>;
};

/** The NAT and the forwards of every place. What the language cannot express is reported. */
export function importNat(found: ImportModel): NatSections {
  const nat = new Map<string, readonly Json[]>();
  const forwards = new Map<string, readonly Json[]>();
  const publish = new Map<string, readonly string[]>();
  for (const netns of found.places) {
    const ruleset = found.inventory.live.get({ need: 'ruleset', netns }) ?? '';
    const translation = relevant(found, netns, parseRulesetNat(ruleset));
    for (const [, table = ''] of ruleset.matchAll(/^table (\S+ \S+) \{$/gm))
      if (isLabTable(table))
        found.unknown(`table ${table} of ${netnsDisplayName(netns)}: the file of its lab says what it does`);
    const where = netns === 'host' ? '' : ` (in ${netns})`;
    for (const line of translation.unknown) found.unknown(`${line}${where}`);
    for (const line of translation.filters) found.leaveOut(`${line}${where}; netform has no filter rules`);
    nat.set(
      netns,
      translation.nat.map((one) => natValue(found, netns, one)),
    );
    const all = translation.forwards.map((one) => ({ one, target: targetOf(found, netns, one.target) }));
    const published = all.filter(({ one, target }) => netns === 'host' && one.local && target.netns !== null);
    const anyAddress = anyAddressLookup(all);
    for (const each of published) {
      const { netns: name } = each.target;
      if (name !== null) publish.set(name, distinct([...(publish.get(name) ?? []), publishText(each, anyAddress)]));
    }
    const rest = all.filter((each) => !published.includes(each));
    forwards.set(netns, distinct(rest.map((each) => forwardText(each, anyAddress))));
    for (const { onlyFrom, ports } of translation.forwards) {
      if (onlyFrom === null) continue;
      found.unknown(
        `the forward of port ${rangeText(ports)} of ${netnsDisplayName(netns)} is for what comes in by ${onlyFrom} only: here it is for all`,
      );
    }
  }
  const needy = found.places.filter((netns) => (nat.get(netns)?.length ?? 0) + (forwards.get(netns)?.length ?? 0) > 0);
  return { nat, forwards, publish, needsForwarding: new Set([...needy, ...(publish.size > 0 ? ['host'] : [])]) };
}

/** The entries that concern imported links and subnets; all of them when the machine is imported as a whole. */
function relevant(found: ImportModel, netns: string, all: RulesetNat): RulesetNat {
  if (netns !== 'host' || found.choice.host === 'whole') return all;
  const subnets = found.lans.flatMap((lan) => importedLanSubnets(found, lan));
  return {
    nat: all.nat.filter(
      ({ from }) => from !== null && subnets.some((subnet) => prefixContainsText(subnet, from.split('/')[0] ?? '')),
    ),
    forwards: all.forwards.filter(({ target }) => targetOf(found, netns, target).netns !== null),
    unknown: [],
    filters: [],
  };
}

function natValue(found: ImportModel, netns: string, { from, out, notOut, exceptTo, as }: RulesetSourceNat): Json {
  const source = from === null ? 'any' : sourceText(found, netns, from);
  const own = new Set([from, ...notOut]);
  const except = exceptTo.filter((prefix) => !own.has(prefix)).map((prefix) => sourceText(found, netns, prefix));
  for (const link of notOut.filter((name) => !isOwnBridge(found, netns, { name, from })))
    found.unknown(
      `the translation for ${source} of ${netnsDisplayName(netns)} is not for what goes out by ${link}: here it is`,
    );
  const rest = { out, exceptTo: oneOrList(except) };
  return as === null
    ? omitEmpty({ masquerade: source, ...rest })
    : omitEmpty({ snat: source, as: asText(as), ...rest });
}

/** Whether leaving by a link stays inside the source LAN, where netform never translates. */
function isOwnBridge(
  found: ImportModel,
  netns: string,
  { name, from }: { readonly name: string; readonly from: string | null },
): boolean {
  const lan = found.lans.find(({ bridge }) => bridge.netns === netns && bridge.link.name === name);
  return name === 'lo' || (lan !== undefined && from !== null && importedLanSubnets(found, lan).includes(from));
}

/** The name of the bridge with exactly that subnet, else the prefix. */
function sourceText(found: ImportModel, netns: string, written: string): string {
  const parsed = parsePrefix(written);
  const prefix = parsed ? formatPrefix(networkPrefix(parsed)) : written;
  const meant = found.lans.find((lan) => {
    const subnets = importedLanSubnets(found, lan);
    return subnets.length === 1 && subnets[0] === prefix && (lan.bridge.netns === netns || lan.bridge.netns === 'host');
  });
  if (meant) return meant.bridge.link.name;
  return parsed ? prefix : `${written}/${written.includes(':') ? 128 : 32}`;
}

const asText = (as: string): string => as.replace(/^\[([^\]]+)\]$/, '$1');

type ForwardTargetText = {
  readonly netns: string | null;
  readonly text: string;
  /** Whether the text is a name that has an address of the other family there too. */
  readonly hasOtherFamily: boolean;
};

/** The namespace that has an address, if it is the only one that it has on a LAN with the forwarding one; else the address. */
function targetOf(found: ImportModel, netns: string, address: string): ForwardTargetText {
  const text = address.includes(':') ? `[${address}]` : address;
  const ends = found.pairs
    .flatMap(({ near, far }) => [near, far])
    .filter((end) => end.netns !== netns && end.netns !== 'host');
  const owners = ends.filter((end) => endpointAddresses(found, end).some((prefix) => prefix.split('/')[0] === address));
  const [owner] = owners;
  if (!owner || owners.length > 1) return { netns: null, text, hasOtherFamily: false };
  const mine = (importNetnsState(found, netns)?.addresses ?? []).map(({ prefix }) => prefix);
  const shared = ends
    .filter((end) => end.netns === owner.netns)
    .flatMap((end) => endpointAddresses(found, end))
    .map((prefix) => prefix.split('/')[0] ?? '')
    .filter((other) => parseAddress(other) !== null)
    .filter((other) => mine.some((prefix) => prefixContainsText(prefix, other)));
  const own = shared.filter((other) => familyOf(other) === familyOf(address));
  return own.length === 1 && own[0] === address
    ? { netns: owner.netns, text: owner.netns, hasOtherFamily: shared.length > own.length }
    : { netns: null, text, hasOtherFamily: false };
}

type ImportedForward = { readonly one: RulesetPortForward; readonly target: ForwardTargetText };

/** The address to listen on, empty for none: a forward of one family to a name that has both is written for that family only. */
function anyAddressLookup(all: readonly ImportedForward[]): (forward: ImportedForward) => string {
  const key = ({ one, target }: ImportedForward, family: 4 | 6) =>
    JSON.stringify([family, one.address, one.ports, one.protocols, target.text, one.targetPorts]);
  const known = new Set(all.map((each) => key(each, familyOf(each.one.target))));
  return (each) => {
    const family = familyOf(each.one.target);
    if (!each.target.hasOtherFamily || known.has(key(each, family === 4 ? 6 : 4))) return '';
    return family === 4 ? '0.0.0.0:' : '[::]:';
  };
}

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

const rangeText = ({ first, last }: PortRange): string => (first === last ? `${first}` : `${first}-${last}`);

const protocolText = ({ protocols }: RulesetPortForward): string =>
  protocols.length === 1 && protocols[0] === 'tcp' ? '' : `/${protocols.join('+')}`;

type AnyAddress = ReturnType<typeof anyAddressLookup>;

const listenAddress = (each: ImportedForward, anyAddress: AnyAddress): string =>
  each.one.address === null ? anyAddress(each) : `${bracketIpv6(each.one.address)}:`;

function forwardText(each: ImportedForward, anyAddress: AnyAddress): string {
  const { one, target } = each;
  const listen = `${listenAddress(each, anyAddress)}${rangeText(one.ports)}${protocolText(one)}`;
  return `${listen} -> ${target.text}:${rangeText(one.targetPorts ?? one.ports)}`;
}

function publishText(each: ImportedForward, anyAddress: AnyAddress): string {
  const { one } = each;
  const ports = `${rangeText(one.ports)}:${rangeText(one.targetPorts ?? one.ports)}`;
  return `${listenAddress(each, anyAddress)}${ports}${protocolText(one)}`;
}
