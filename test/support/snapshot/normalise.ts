import { isJsonObject } from '../../../src/model/json.ts';
import { settingLines } from './interface-settings.ts';
import { nftText } from './nft-text.ts';
import { bodyLines, type Json, ownerOf } from './sections.ts';
import { VOLATILE_FLAGS, VOLATILE_KEYS, VOLATILE_PORT_KEYS, VOLATILE_SETTINGS } from './volatile.ts';

type Link = { readonly index: number; readonly name: string };

/**
 * What was collected as text that is equal when the two machines are: without counters, indexes, timers and what still
 * settles, and with the other end of each veth by name.
 */
export function normalise(sections: ReadonlyMap<string, string>): string {
  const links = new Map(
    [...sections].filter(([title]) => title.endsWith(' links')).map(([title, body]) => [ownerOf(title), indexed(body)]),
  );
  const texts = [...sections]
    .filter(([title]) => !title.endsWith(' nsids'))
    .map(([title, body]) => `== ${title}\n${render(title, body, { sections, links })}`);
  return `${texts.join('\n')}\n`;
}

type World = {
  readonly sections: ReadonlyMap<string, string>;
  readonly links: ReadonlyMap<string, readonly Link[]>;
};

function render(title: string, body: string, world: World): string {
  if (title.endsWith(' sysctls'))
    return bodyLines(body)
      .filter((line) => !isVolatileSetting(line))
      .sort()
      .join('\n');
  if (title.endsWith(' links')) {
    const links = array(body).map((link) => toStableText(withoutChance(withPeer(link, ownerOf(title), world))));
    return [...links.sort(), ...array(body).flatMap(addressesOf).sort()].join('\n');
  }
  if (title.endsWith(' interfaces')) return bodyLines(body).flatMap(settingLines).join('\n');
  if (title.endsWith(' nft')) return nftText(body);
  if (isPlain(title)) return body.trimEnd();
  return array(body).map(toStableText).sort().join('\n');
}

const isPlain = (title: string): boolean => title.endsWith(' rules6') || title.startsWith('machine');

/** `link_index` counts in the namespace of `link_netnsid`, a number of this namespace's own. */
function withPeer(link: Json, netns: string, world: World): Json {
  if (!isJsonObject(link) || typeof link['link_index'] !== 'number') return link;
  const id = link['link_netnsid'];
  const there =
    id === undefined ? netns : (nsids(world.sections.get(`${netns} nsids`) ?? '').get(Number(id)) ?? 'host');
  const peer = world.links.get(there)?.find((each) => each.index === link['link_index']);
  return { ...link, peer: `${there}/${peer?.name ?? '?'}` };
}

/** Open vSwitch gives the link of its datapath another MAC each time. */
const withoutChance = (link: Json): Json =>
  isJsonObject(link) && link['ifname'] === 'ovs-netdev' ? { ...link, address: 'chosen by chance' } : link;

/** The addresses of a link, a line each. */
const addressesOf = (link: Json): readonly string[] =>
  isJsonObject(link) && Array.isArray(link['addr_info'])
    ? link['addr_info'].map((each) => toStableText({ on: link['ifname'] ?? null, ...(isJsonObject(each) ? each : {}) }))
    : [];

const nsids = (body: string): ReadonlyMap<number, string> =>
  new Map(
    array(body).flatMap((each) => (isJsonObject(each) ? [[Number(each['nsid']), String(each['name'] ?? 'host')]] : [])),
  );

const indexed = (body: string): readonly Link[] =>
  array(body).flatMap((link) =>
    isJsonObject(link) ? [{ index: Number(link['ifindex']), name: String(link['ifname']) }] : [],
  );

const isVolatileSetting = (line: string): boolean => Object.keys(VOLATILE_SETTINGS).some((part) => line.includes(part));

const withoutKeys = (value: object, keys: object): object =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !(key in keys)));

/** A value as a line of JSON, without what is volatile. */
export function toStableText(value: Json): string {
  return JSON.stringify(value, (key, each) => {
    if (key in VOLATILE_KEYS) return undefined;
    if (key === 'info_slave_data') return withoutKeys(each, VOLATILE_PORT_KEYS);
    if (key === 'flags' && Array.isArray(each)) return each.filter((flag) => !(String(flag) in VOLATILE_FLAGS)).sort();
    return each;
  });
}

const array = (body: string): readonly Json[] => (body.trim() === '' ? [] : JSON.parse(body));
