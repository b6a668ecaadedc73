import {
  isLabTable,
  parseRulesetNat,
  type RulesetNat,
  type RulesetPortForward,
  type RulesetSourceNat,
} from '../firewall/nft-parse/nat.ts';
import type { Json } from '../model/json.ts';
import type { PortRange } from '../model/topology.ts';
import { familyOf, parseAddress } from '../net/address.ts';
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
  const publish = new Map<string, Json[]>();
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
    for (const { one, target } of published) {
      const list = publish.get(target.netns ?? '') ?? [];
      publish.set(target.netns ?? '', [...list, publishText(one)]);
    }
    forwards.set(
      netns,
      all.filter((each) => !published.includes(each)).map(({ one, target }) => forwardText(one, target.text)),
    );
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

type ForwardTargetText = { readonly netns: string | null; readonly text: string };

/** The namespace that has an address, if it is the only one that it has on a LAN with the forwarding one; else the address. */
function targetOf(found: ImportModel, netns: string, address: string): ForwardTargetText {
  const text = address.includes(':') ? `[${address}]` : address;
  const ends = found.pairs
    .flatMap(({ near, far }) => [near, far])
    .filter((end) => end.netns !== netns && end.netns !== 'host');
  const owners = ends.filter((end) => endpointAddresses(found, end).some((prefix) => prefix.split('/')[0] === address));
  const [owner] = owners;
  if (!owner || owners.length > 1) return { netns: null, text };
  const mine = (importNetnsState(found, netns)?.addresses ?? []).map(({ prefix }) => prefix);
  const shared = ends
    .filter((end) => end.netns === owner.netns)
    .flatMap((end) => endpointAddresses(found, end))
    .map((prefix) => prefix.split('/')[0] ?? '')
    .filter((other) => familyOf(other) === familyOf(address) && parseAddress(other) !== null)
    .filter((other) => mine.some((prefix) => prefixContainsText(prefix, other)));
  return shared.length === 1 && shared[0] === address
    ? { netns: owner.netns, text: owner.netns }
    : { netns: null, text };
}

const rangeText = ({ first, last }: PortRange): string => (first === last ? `${first}` : `${first}-${last}`);

const protocolText = ({ protocols }: RulesetPortForward): string =>
  protocols.length === 1 && protocols[0] === 'tcp' ? '' : `/${protocols.join('+')}`;

function forwardText(one: RulesetPortForward, target: string): string {
  const address = one.address === null ? '' : `${one.address.includes(':') ? `[${one.address}]` : one.address}:`;
  const listen = `${address}${rangeText(one.ports)}${protocolText(one)}`;
  return `${listen} -> ${target}:${rangeText(one.targetPorts ?? one.ports)}`;
}

const publishText = (one: RulesetPortForward): string =>
  `${one.address === null ? '' : `${one.address}:`}${rangeText(one.ports)}:${rangeText(one.targetPorts ?? one.ports)}${protocolText(one)}`;
