import type { Json } from '../../model/json.ts';
import { type JsonMap, omitEmpty } from '../result.ts';
import { type CommandConfig, type CommandReader, linkConfig } from './config.ts';
import { namedWords } from './named-words.ts';

/** `ip link add|set`. */
export const ipLink: CommandReader = (config, [verb = '', ...words], context) => {
  if (verb === 'add') return addLink(config, words, context);
  return verb === 'set' && setLink(config, words, context);
};

const SET_WORDS = { dev: 'dev', mtu: 'mtu', address: 'mac', master: 'master' };
const FLAGS = ['up', 'down', 'nomaster'];

const setLink: CommandReader = (config, words, { nameOf }) => {
  const { plain, named } = namedWords(words, SET_WORDS);
  const names = plain.filter((word) => !FLAGS.includes(word));
  const dev = named.get('dev') ?? names[0];
  if (dev === undefined || names.length > (named.has('dev') ? 0 : 1)) return false;
  const bridge = config.bridges.get(nameOf(dev));
  const [mac, mtu, master] = ['mac', 'mtu', 'master'].map((key) => named.get(key));
  if (bridge) {
    Object.assign(bridge, omitEmpty({ mac: mac?.toLowerCase(), mtu: mtu === undefined ? null : Number(mtu) }));
    return master === undefined;
  }
  const link = linkConfig(config, nameOf(dev));
  if (mac !== undefined) link.mac = mac.toLowerCase();
  if (mtu !== undefined) link.mtu = Number(mtu);
  if (master !== undefined) link.master = nameOf(master);
  if (plain.includes('nomaster')) link.master = null;
  if (plain.includes('up') || plain.includes('down')) link.isDown = plain.includes('down');
  return true;
};

const addLink: CommandReader = (config, words, { nameOf }) => {
  const at = words.indexOf('type');
  const kind = words[at + 1];
  if (at < 0 || kind === undefined) return false;
  const { plain, named } = namedWords(words.slice(0, at), {
    name: 'name',
    dev: 'name',
    link: 'link',
    mtu: 'mtu',
    address: 'mac',
  });
  const label = named.get('name') ?? plain.find((word) => word !== 'up');
  if (label === undefined) return false;
  const name = nameOf(label);
  const values = namedWords(words.slice(at + 2), LINK_WORDS);
  if (values.plain.length > 0) return false;
  if (kind === 'bridge') {
    const settings = bridgeSettings(values.named);
    if (settings !== null) config.bridges.set(name, settings);
    return settings !== null;
  }
  const parent = named.get('link') ?? values.named.get('dev');
  const made = madeKind(kind, values.named, parent === undefined ? null : nameOf(parent));
  if (made === null) return false;
  const link = linkConfig(config, name);
  link.kind = made;
  link.mac = named.get('mac')?.toLowerCase() ?? link.mac;
  link.mtu = named.has('mtu') ? Number(named.get('mtu')) : link.mtu;
  return true;
};

const LINK_WORDS = {
  ...{
    id: 'id',
    vni: 'id',
    remote: 'remote',
    group: 'group',
    local: 'local',
    dstport: 'port',
    dev: 'dev',
    mode: 'mode',
  },
  ...{ stp_state: 'stp', ageing_time: 'ageing', forward_delay: 'forwardDelay', priority: 'priority' },
  ...{ mcast_snooping: 'multicastSnooping', protocol: 'protocol', key: 'key', ttl: 'ttl', hoplimit: 'ttl' },
};

/** A link's kind and options as a topology has them; null: it has no such kind, or the options say something else. */
function madeKind(kind: string, named: ReadonlyMap<string, string>, parent: string | null): JsonMap | null {
  const has = (...known: readonly string[]): boolean => [...named.keys()].every((key) => known.includes(key));
  if (kind === 'dummy') return has() ? { dummy: {} } : null;
  if (kind === 'macvlan' || kind === 'macvtap') {
    return has('mode') && parent !== null ? { [kind]: { parent, mode: named.get('mode') ?? 'vepa' } } : null;
  }
  if (kind === 'ipvlan')
    return has('mode') && parent !== null ? { ipvlan: omitEmpty({ parent, mode: named.get('mode') }) } : null;
  if (kind === 'vlan' && has('id', 'protocol') && parent !== null && named.has('id')) {
    const protocol = named.get('protocol')?.toLowerCase();
    return {
      vlan: omitEmpty({ id: Number(named.get('id')), parent, protocol: protocol === '802.1q' ? null : protocol }),
    };
  }
  if (TUNNELS.test(kind) && has('remote', 'local', 'dev', 'ttl', 'key'))
    return { [kind]: tunnelOptions(named, parent) };
  const [id, remote = null, group = null, port] = ['id', 'remote', 'group', 'port'].map((key) => named.get(key));
  if (kind !== 'vxlan' || !has('id', 'remote', 'group', 'local', 'port', 'dev') || id === undefined) return null;
  if ((remote === null) === (group === null)) return null;
  // Without dstport Linux takes the port that it had before IANA gave one.
  return {
    vxlan: omitEmpty({
      id: Number(id),
      remote,
      group,
      dev: parent,
      local: named.get('local') ?? null,
      port: port === undefined ? LINUX_VXLAN_PORT : Number(port),
    }),
  };
}

const LINUX_VXLAN_PORT = 8472;

const TUNNELS = /^(?:ip6)?gre(?:tap)?$/;

/** The options of a tunnel by GRE; `inherit` is the TTL of what it carries. */
const tunnelOptions = (named: ReadonlyMap<string, string>, parent: string | null): JsonMap => {
  const [key, ttl] = ['key', 'ttl'].map((word) => named.get(word));
  return omitEmpty({
    ...{ remote: named.get('remote') ?? null, local: named.get('local') ?? null, dev: parent },
    key: key === undefined ? null : Number(key),
    ttl: ttl === undefined ? null : ttl === 'inherit' ? 0 : Number(ttl),
  });
};

/** Times are in hundredths of a second. */
function bridgeSettings(named: ReadonlyMap<string, string>): { [key: string]: Json } | null {
  const settings: { [key: string]: Json } = {};
  for (const [key, text] of named) {
    const value = Number(text);
    if (!Number.isInteger(value)) return null;
    if (key === 'stp' || key === 'multicastSnooping') settings[key] = value !== 0;
    else if (key === 'priority') settings[key] = value;
    else if (key === 'ageing' || key === 'forwardDelay') settings[key] = value / 100;
    else return null;
  }
  return settings;
}

/** Makes a bridge with the default settings. */
export function addBridge({ bridges }: CommandConfig, name: string): void {
  if (!bridges.has(name)) bridges.set(name, {});
}
