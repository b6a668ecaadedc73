import type { Json } from '../model/json.ts';
import type { PortRange } from '../model/topology.ts';
import { familyOf, parseAddress } from '../net/address.ts';
import { containsText, formatPrefix, networkOf, parsePrefix } from '../net/prefix.ts';
import { type FoundForward, type FoundNat, isLabs, type Translation, translationIn } from '../net/translation.ts';
import { filled, oneOrList } from './imported.ts';
import { subnetsOf } from './subnets.ts';
import { addressesOf, type Found, placeWords, thereIn } from './world.ts';

/** Address translation as it is written. */
export type Services = {
  /** By namespace. */
  readonly nat: ReadonlyMap<string, readonly Json[]>;
  readonly forwards: ReadonlyMap<string, readonly Json[]>;
  /** By the namespace that is published. */
  readonly publish: ReadonlyMap<string, readonly Json[]>;
  readonly needsForwarding: ReadonlySet<string>;
};

/** The NAT and the forwards of every place. What the language cannot say is told. */
export function servicesOf(found: Found): Services {
  const nat = new Map<string, readonly Json[]>();
  const forwards = new Map<string, readonly Json[]>();
  const publish = new Map<string, Json[]>();
  for (const netns of found.places) {
    const ruleset = found.inventory.live.rulesets.get(netns) ?? '';
    const translation = relevant(found, netns, translationIn(ruleset));
    for (const [, table = ''] of ruleset.matchAll(/^table (\S+ \S+) \{$/gm))
      if (isLabs(table)) found.unknown(`table ${table} of ${placeWords(netns)}: the file of its lab says what it does`);
    for (const line of translation.unknown) found.unknown(`${line}${netns === 'host' ? '' : ` (in ${netns})`}`);
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
        `the forward of port ${rangeText(ports)} of ${placeWords(netns)} is for what comes in by ${onlyFrom} only: here it is for all`,
      );
    }
  }
  const needy = found.places.filter((netns) => (nat.get(netns)?.length ?? 0) + (forwards.get(netns)?.length ?? 0) > 0);
  return { nat, forwards, publish, needsForwarding: new Set([...needy, ...(publish.size > 0 ? ['host'] : [])]) };
}

/** Of a machine that is not imported as a whole, what has to do with what is. */
function relevant(found: Found, netns: string, all: Translation): Translation {
  if (netns !== 'host' || found.choice.host === 'whole') return all;
  const subnets = found.lans.flatMap((lan) => subnetsOf(found, lan));
  return {
    nat: all.nat.filter(
      ({ from }) => from !== null && subnets.some((subnet) => containsText(subnet, from.split('/')[0] ?? '')),
    ),
    forwards: all.forwards.filter(({ target }) => targetOf(found, netns, target).netns !== null),
    unknown: [],
  };
}

function natValue(found: Found, netns: string, { from, out, notOut, exceptTo, as }: FoundNat): Json {
  const source = from === null ? 'any' : sourceText(found, netns, from);
  const own = new Set([from, ...notOut]);
  const except = exceptTo.filter((prefix) => !own.has(prefix)).map((prefix) => sourceText(found, netns, prefix));
  for (const link of notOut.filter((name) => !isOwnBridge(found, netns, { name, from })))
    found.unknown(
      `the translation for ${source} of ${placeWords(netns)} is not for what goes out by ${link}: here it is`,
    );
  const rest = { out, exceptTo: oneOrList(except) };
  return as === null ? filled({ masquerade: source, ...rest }) : filled({ snat: source, as: asText(as), ...rest });
}

/** What stays on the LAN is never translated here. */
function isOwnBridge(
  found: Found,
  netns: string,
  { name, from }: { readonly name: string; readonly from: string | null },
): boolean {
  const lan = found.lans.find(({ bridge }) => bridge.netns === netns && bridge.link.name === name);
  return name === 'lo' || (lan !== undefined && from !== null && subnetsOf(found, lan).includes(from));
}

/** The name of the bridge with exactly that subnet, else the prefix. */
function sourceText(found: Found, netns: string, written: string): string {
  const parsed = parsePrefix(written);
  const prefix = parsed ? formatPrefix(networkOf(parsed)) : written;
  const meant = found.lans.find((lan) => {
    const subnets = subnetsOf(found, lan);
    return subnets.length === 1 && subnets[0] === prefix && (lan.bridge.netns === netns || lan.bridge.netns === 'host');
  });
  if (meant) return meant.bridge.link.name;
  return parsed ? prefix : `${written}/${written.includes(':') ? 128 : 32}`;
}

const asText = (as: string): string => as.replace(/^\[([^\]]+)\]$/, '$1');

type Target = { readonly netns: string | null; readonly text: string };

/** The namespace that has an address, if it is the only one that it has on a LAN with the forwarding one; else the address. */
function targetOf(found: Found, netns: string, address: string): Target {
  const text = address.includes(':') ? `[${address}]` : address;
  const ends = found.pairs
    .flatMap(({ near, far }) => [near, far])
    .filter((end) => end.netns !== netns && end.netns !== 'host');
  const owners = ends.filter((end) => addressesOf(found, end).some((prefix) => prefix.split('/')[0] === address));
  const [owner] = owners;
  if (!owner || owners.length > 1) return { netns: null, text };
  const mine = (thereIn(found, netns)?.addresses ?? []).map(({ prefix }) => prefix);
  const shared = ends
    .filter((end) => end.netns === owner.netns)
    .flatMap((end) => addressesOf(found, end))
    .map((prefix) => prefix.split('/')[0] ?? '')
    .filter((other) => familyOf(other) === familyOf(address) && parseAddress(other) !== null)
    .filter((other) => mine.some((prefix) => containsText(prefix, other)));
  return shared.length === 1 && shared[0] === address
    ? { netns: owner.netns, text: owner.netns }
    : { netns: null, text };
}

const rangeText = ({ first, last }: PortRange): string => (first === last ? `${first}` : `${first}-${last}`);

const protocolText = ({ protocols }: FoundForward): string =>
  protocols.length === 1 && protocols[0] === 'tcp' ? '' : `/${protocols.join('+')}`;

function forwardText(one: FoundForward, target: string): string {
  const address = one.address === null ? '' : `${one.address.includes(':') ? `[${one.address}]` : one.address}:`;
  const listen = `${address}${rangeText(one.ports)}${protocolText(one)}`;
  return `${listen} -> ${target}:${rangeText(one.targetPorts ?? one.ports)}`;
}

const publishText = (one: FoundForward): string =>
  `${one.address === null ? '' : `${one.address}:`}${rangeText(one.ports)}:${rangeText(one.targetPorts ?? one.ports)}${protocolText(one)}`;
