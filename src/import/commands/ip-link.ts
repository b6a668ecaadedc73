import type { Json } from '../../model/json.ts';
import { portSettingsOfShell } from '../../net/bridge-port.ts';
import { omitEmpty } from '../result.ts';
import { type CommandConfig, type CommandReader, linkConfig } from './config.ts';
import { LINK_WORDS, madeKind } from './link-kinds.ts';
import { namedWords } from './named-words.ts';

/** `ip link add|set`. */
export const ipLink: CommandReader = (config, [verb = '', ...words], context) => {
  if (verb === 'add') return addLink(config, words, context);
  return verb === 'set' && setLink(config, words, context);
};

const SET_WORDS = { dev: 'dev', mtu: 'mtu', address: 'mac', master: 'master' };
const FLAGS = ['up', 'down', 'nomaster'];

/** `ip link set lan type bridge stp_state 1`, of a bridge that a command made. */
const setBridge: CommandReader = ({ bridges }, words, { nameOf }) => {
  const at = words.indexOf('type');
  const [dev, ...others] = words.slice(0, at).filter((word) => word !== 'dev');
  const bridge = bridges.get(nameOf(dev ?? ''));
  const { plain, named } = namedWords(words.slice(at + 2), LINK_WORDS);
  const settings = plain.length === 0 && others.length === 0 ? bridgeSettings(named) : null;
  if (!bridge || !settings) return false;
  Object.assign(bridge, settings);
  return true;
};

const setLink: CommandReader = (config, all, context) => {
  const { nameOf } = context;
  const type = all.indexOf('type');
  if (type >= 0 && all[type + 1] === 'bridge') return setBridge(config, all, context);
  const port = all[type + 1] === 'bridge_slave' && type >= 0 ? portSettingsOfShell(all.slice(type + 2)) : null;
  if (type >= 0 && port === null) return false;
  const words = type < 0 ? all : all.slice(0, type);
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
  if (port !== null) link.port = { ...link.port, ...port };
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

const SWITCHES = ['stp', 'multicastSnooping', 'vlanFiltering'];

/** Times are in hundredths of a second. */
function bridgeSettings(named: ReadonlyMap<string, string>): { [key: string]: Json } | null {
  const settings: { [key: string]: Json } = {};
  for (const [key, text] of named) {
    const value = Number(text);
    if (!Number.isInteger(value)) return null;
    if (SWITCHES.includes(key)) settings[key] = value !== 0;
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
