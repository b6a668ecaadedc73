import type { Path } from '../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json, type Spec } from '../../model/json.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { parsePrefix } from '../../net/prefix.ts';
import type { KeyWords } from '../topology-readers.ts';
import { formatFlowStyle } from './flow-style.ts';
import { isContainerWord, isDhcpWord, networkNames, plainWord, sectionSynonym, synonymOf } from './other-tools.ts';
import { placeBelow, propertiesOf, type SchemaPlace, schemaPlace, takesNames, takesTypeOf } from './schema-place.ts';
import { valueAt } from './value-at.ts';

/** What to do about an unknown key. `to`: the key that was meant in its place; null: it is left out, or belongs elsewhere. */
export type KeyHint = { readonly hint: string | null; readonly to: string | null };

/**
 * An unknown key of a map: `parent` leads to the map, `words`: the keys of features. `isUnlike`: its value does
 * not suit the key that it resembles.
 */
export type UnknownKey = {
  readonly root: Json;
  readonly parent: Path;
  readonly key: string;
  readonly known: readonly string[];
  readonly words: KeyWords;
  readonly isUnlike: boolean;
};

/** What an unknown key was meant to be, from its spelling, its place and the words of other tools. */
export function keyHint(unknown: UnknownKey): KeyHint {
  const { root, parent, key, known, words, isUnlike } = unknown;
  const siblings = valueAt(root, parent);
  const map: Spec = isJsonObject(siblings) ? siblings : {};
  const elsewhere = misplacedHint(unknown) ?? adviceHint(unknown, map);
  if (elsewhere !== null) return { hint: elsewhere, to: null };
  const free = known.filter((name) => !Object.hasOwn(map, name));
  const section = parent.length === 0 ? sectionSynonym(key) : null;
  const synonym = section !== null && free.includes(section) ? section : synonymOf(key, free, words.otherTools);
  const near = synonym ?? (isUnlike ? null : closestMatch(key, free));
  if (near !== null) return { hint: `did you mean "${near}"?`, to: near };
  const other = innerHint(parent, key, map[key] ?? null) ?? outerHint(parent, key);
  return { hint: other ?? knownHint(parent, known), to: null };
}

/** The keys that there are; where they are few and a plain value does as well, an example of one. */
function knownHint(parent: Path, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const place = known.length <= FEW_KEYS ? schemaPlace(parent) : null;
  const plain = place?.examples.find((example) => typeof example === 'string');
  const key = typeof parent.at(-1) === 'string' ? `${parent.at(-1)}: ` : '';
  return `known here: ${known.join(', ')}${plain === undefined ? '' : `; or write ${key}${formatFlowStyle(plain)}`}`;
}

const FEW_KEYS = 2;

/** Keys of the host that stand at top level and the other way round, and keys that mean something elsewhere. */
function misplacedHint({ key, parent, words: { hostKeys } }: UnknownKey): string | null {
  const top = ['bridges', 'routes', ...hostKeys];
  const host = ['forwarding', 'interfaces', 'sysctls', 'rules', 'neighbours'];
  if (parent.length === 0 && host.includes(key)) return `for the machine itself, write "${key}" under host`;
  if (parent.length === 1 && parent[0] === 'host' && top.includes(key)) {
    return `write "${key}" at top level: there it means the host's`;
  }
  if (key === 'existing' && parent.includes('interfaces')) return 'only the host has interfaces that exist already';
  if (key === 'name' && parent[0] === 'cni') return 'the name of the network is the key above; leave this one out';
  return null;
}

/** A key that is known inside another key of the same map, with the reader's own value or an example. */
function innerHint(parent: Path, key: string, value: Json): string | null {
  const place = schemaPlace(parent);
  const named = place && isJsonObject(value) ? sectionOfEntry(place, value) : null;
  if (named !== null) return `it belongs inside "${named}": ${named}: ${formatFlowStyle({ [key]: value })}`;
  for (const section of place ? Object.keys(propertiesOf(place.schema)) : []) {
    const inside = place && placeBelow(place, section);
    const there =
      inside && !takesNames(inside) && Object.hasOwn(propertiesOf(inside.schema), key) && placeBelow(inside, key);
    if (!there) continue;
    const own = takesTypeOf(there, value) ? value : there.examples[0];
    return `it belongs inside "${section}": ${section}: ${formatFlowStyle({ [key]: own ?? value })}`;
  }
  return null;
}

/** The section whose entries are like a map: all of its keys are known there. */
function sectionOfEntry(place: SchemaPlace, value: Spec): string | null {
  const keys = Object.keys(value);
  for (const section of keys.length === 0 ? [] : Object.keys(propertiesOf(place.schema))) {
    const inside = placeBelow(place, section);
    const entry = inside && takesNames(inside) ? placeBelow(inside, 'name') : null;
    if (entry && keys.every((key) => Object.hasOwn(propertiesOf(entry.schema), key))) return section;
  }
  return null;
}

/** A key that is known further out: it stands too far to the right. */
function outerHint(parent: Path, key: string): string | null {
  for (let depth = parent.length - 1; depth >= 0; depth--) {
    const outer = parent.slice(0, depth);
    const place = schemaPlace(outer);
    if (place === null || !Object.hasOwn(propertiesOf(place.schema), key)) continue;
    const beside = `beside "${parent[depth]}"`;
    const owner = depth === 0 ? 'at top level' : `to ${outer.at(-1)}`;
    return `write it further left: "${key}" belongs ${owner}, ${beside}`;
  }
  return null;
}

/** The key that an entry of a map of names was meant to be, where the value at a path does not suit one; null: none. */
export function outdentHint(path: Path): string | null {
  const entry = typeof path.at(-1) === 'number' ? path.slice(0, -1) : path;
  const parent = entry.slice(0, -1);
  const place = schemaPlace(parent);
  const isKnown = place !== null && Object.hasOwn(propertiesOf(place.schema), String(entry.at(-1)));
  return place !== null && takesNames(place) && !isKnown ? outerHint(parent, String(entry.at(-1))) : null;
}

/** What the language has instead of another tool's word, with the reader's own values. */
function adviceHint({ parent, key, known, words }: UnknownKey, map: Spec): string | null {
  const value = map[key] ?? null;
  const plain = plainWord(key);
  const [owner, section] = [String(parent.at(-1) ?? ''), parent.at(-2)];
  if (PROSE_WORDS.has(plain) && parent[0] !== 'cni') return `write it as a comment: # ${shortText(value)}`;
  if (isDhcpWord(key)) return 'leave it out: without an address the next free one of the subnet is taken';
  if (FILTER_WORDS.has(plain) && synonymOf(key, known, words.otherTools) === null)
    return 'write who may reach whom under policies, at the top of the file, or firewall in the namespace that passes packets on';
  if (section === 'namespaces') return namespaceAdvice({ netns: owner, key, plain, value, known }, map);
  if (section === 'interfaces') return interfaceAdvice({ plain, value, address: map['address'] ?? null }, parent);
  if (section === 'bridges') return bridgeAdvice(owner, plain);
  if (section === 'links' && LINK_END_WORDS.has(plain)) return endsAdvice(map);
  if (known.includes('listen') && /^proto(?:col)?$/.test(plain) && typeof value === 'string')
    return `write it behind the port: listen: ${map['listen'] ?? map['port'] ?? 80}/${value.toLowerCase()}`;
  return null;
}

type ForeignKey = Pick<UnknownKey, 'key' | 'known'> & {
  readonly netns: string;
  readonly plain: string;
  readonly value: Json;
};

/** How other tools call what runs in a container. */
const PROGRAM_WORDS = new Set(['command', 'cmd', 'exec', 'entrypoint', 'process', 'processes', 'program', 'programs']);

function namespaceAdvice({ netns, plain, key, value, known }: ForeignKey, map: Spec): string | null {
  if (isContainerWord(key)) {
    if (PROGRAM_WORDS.has(plain) && known.includes('run'))
      return typeof value === 'string'
        ? `write run: ${formatFlowStyle({ main: value })}`
        : 'write run, with a name for each program';
    return `leave it out: a namespace is not a container; netform exec ${netns} -- PROGRAM runs a program in it`;
  }
  if (/^(?:default)?(?:gateway|gw)[46]?$|^(?:defaultroute|via)$/.test(plain) && typeof value === 'string')
    return `write routes: ${formatFlowStyle([{ to: 'default', via: value }])}`;
  if (!NETWORK_WORDS.has(plain) && !ADDRESS_WORDS.has(plain) && plain !== 'mac') return null;
  if (isJsonObject(value) && plain === 'bridge') return null;
  const entries = Object.entries(map);
  const networks = entries
    .filter(([word]) => NETWORK_WORDS.has(plainWord(word)))
    .flatMap(([, one]) => networkNames(one));
  const address = entries.find(([word]) => ADDRESS_WORDS.has(plainWord(word)))?.[1];
  const mac = map['mac'];
  const [first, ...more] = networks;
  const eth0 = {
    ...(first === undefined ? {} : { bridge: first }),
    ...(address === undefined ? {} : { address }),
    ...(mac === undefined ? {} : { mac }),
  };
  const plugged = Object.entries(isJsonObject(map['interfaces']) ? map['interfaces'] : {}).find(
    ([, one]) => isJsonObject(one) && one['bridge'] === first,
  );
  if (first !== undefined && NETWORK_WORDS.has(plain) && plugged)
    return `leave it out: ${plugged[0]} is plugged into ${first} already`;
  const others = more.map((bridge, i) => [`eth${i + 1}`, { bridge }] as const);
  const own = isJsonObject(map['interfaces']) ? Object.keys(map['interfaces'])[0] : undefined;
  return `it belongs to an interface: interfaces: ${formatFlowStyle({ [own ?? 'eth0']: eth0, ...Object.fromEntries(others) })}`;
}

function interfaceAdvice(
  { plain, value, address }: { readonly plain: string; readonly value: Json; readonly address: Json },
  parent: Path,
): string | null {
  const [name, netns] = [parent.at(-1), parent.at(-3)];
  if (plain === 'peer' && typeof value === 'string' && parsePrefix(value.includes('/') ? value : `${value}/32`))
    return `it belongs to an address: address: ${formatFlowStyle({ address: textOr(address, '10.0.0.1'), peer: value })}`;
  if (/^(?:default)?gateway[46]$|^(?:gw|via|defaultgateway)$/.test(plain))
    return `write \`gateway\` at the bridge or the subnet, or a route: routes: ${formatFlowStyle([{ to: 'default', via: textOr(value, '10.0.0.1') }])}`;
  if (/^(?:peer|cable|connect|connectedto|link|to|remote)$/.test(plain))
    return `a cable stands under links: links: ["${netns}:${name} -- ${textOr(value, 'blue:eth0')}"]`;
  if (/^(?:up|enabled|admin|adminstate)$/.test(plain)) return 'leave it out, or write state: down';
  return /^(?:type|driver|kind)$/.test(plain) ? 'leave it out: an interface is what its other keys make it' : null;
}

function bridgeAdvice(bridge: string, plain: string): string | null {
  if (/^(?:ports|members|interfaces|ifaces|slaves|hosts)$/.test(plain))
    return `leave it out: an interface names its bridge, interfaces: { eth0: { bridge: ${bridge} } }`;
  if (/^(?:nat|masquerade|snat|internet)$/.test(plain))
    return `it stands at top level: nat: ${formatFlowStyle([{ masquerade: bridge }])}`;
  if (/^(?:driver|type|kind|internal|external|attachable|dhcp|ipam)$/.test(plain))
    return 'leave it out: a bridge needs a subnet only';
  return null;
}

function endsAdvice(map: Spec): string | null {
  const ends = Object.entries(map).filter(
    ([key, end]) => LINK_END_WORDS.has(plainWord(key)) && typeof end === 'string',
  );
  return ends.length === 2 ? `write ends: ${formatFlowStyle(ends.map(([, end]) => end))}` : null;
}

const textOr = (value: Json, other: string): string => (typeof value === 'string' ? value : other);

const shortText = (value: Json): string => textOr(value, JSON.stringify(value)).split('\n', 1)[0]?.slice(0, 60) ?? '';

const PROSE_WORDS: ReadonlySet<string> = new Set([
  'description',
  'title',
  'author',
  'comment',
  'comments',
  'notes',
  'metadata',
]);
const FILTER_WORDS: ReadonlySet<string> = new Set(['filter', 'iptables', 'nftables', 'acl', 'policy']);
const NETWORK_WORDS: ReadonlySet<string> = new Set(['network', 'networks', 'net', 'lan', 'lans', 'bridge', 'switch']);
const ADDRESS_WORDS: ReadonlySet<string> = new Set(
  'ip ips ipaddr ipaddress ipv4 ipv6 ipv4address ipv6address address addresses addr mgmtipv4 staticip'.split(' '),
);
const LINK_END_WORDS: ReadonlySet<string> = new Set([
  'from',
  'to',
  'a',
  'b',
  'source',
  'target',
  'left',
  'right',
  'src',
  'dst',
]);
