import type { Spec } from '../model/json.ts';
import { decodeU8, type NetlinkAttributes, u8Attribute, u16Attribute, u32Attribute } from './netlink-attributes.ts';

/** A setting of a port: its word in the language, IFLA_BRPORT_* (linux/if_link.h), its word in `ip link`. */
type PortSetting = {
  readonly word: string;
  readonly attribute: number;
  readonly shell: string;
  /** What a new port has; null: the kernel takes it from the speed of the link. */
  readonly default: boolean | number | null;
  readonly bytes: 1 | 2 | 4;
};

const flag = (word: string, attribute: number, shell: string, usual = false): PortSetting => ({
  ...{ word, attribute, shell, default: usual, bytes: 1 },
});

/** In the order in which `ip link` sends them, with the defaults of net/bridge/br_if.c (`new_nbp`). */
const PORT_SETTINGS: readonly PortSetting[] = [
  { word: 'priority', attribute: 2, shell: 'priority', default: 32, bytes: 2 },
  { word: 'cost', attribute: 3, shell: 'cost', default: null, bytes: 4 },
  flag('hairpin', 4, 'hairpin'),
  flag('guard', 5, 'guard'),
  flag('rootBlock', 6, 'root_block'),
  flag('fastLeave', 7, 'fastleave'),
  flag('learning', 8, 'learning', true),
  flag('flood', 9, 'flood', true),
  flag('multicastFlood', 27, 'mcast_flood', true),
  flag('broadcastFlood', 30, 'bcast_flood', true),
  flag('neighSuppress', 32, 'neigh_suppress'),
  flag('isolated', 33, 'isolated'),
  flag('locked', 39, 'locked'),
];

/** The words. */
export const PORT_WORDS: readonly string[] = PORT_SETTINGS.map(({ word }) => word);

/** The settings in words of `ip link set … type bridge_slave` (`isolated on cost 50`); null: there are others among them. */
export function portSettingsOfShell(words: readonly string[]): Spec | null {
  const found: { [word: string]: boolean | number } = {};
  for (let i = 0; i < words.length; i += 2) {
    const setting = PORT_SETTINGS.find(({ shell }) => shell === words[i]);
    const value = { on: 1, off: 0 }[words[i + 1] ?? ''] ?? Number(words[i + 1]);
    if (setting === undefined || !Number.isInteger(value)) return null;
    found[setting.word] = setting.bytes === 1 ? value !== 0 : value;
  }
  return found;
}

/** The attributes that the words stand for. */
export const PORT_ATTRIBUTE_NUMBERS: readonly number[] = PORT_SETTINGS.map(({ attribute }) => attribute);

/** What the kernel gives a port by the speed of its link (`port_cost` in net/bridge/br_if.c). */
const USUAL_COSTS: readonly number[] = [2, 4, 19, 100];

/** That of the 10 Gbit/s which a veth says it has. */
export const VETH_COST = 2;

/** IFLA_INFO_SLAVE_DATA for the words that are present. */
export const encodePortSettings = (values: Spec): readonly Buffer[] =>
  PORT_SETTINGS.flatMap(({ word, attribute, bytes }) => {
    const value = values[word];
    if (value === undefined) return [];
    if (bytes === 1) return [u8Attribute(attribute, Number(value))];
    return [bytes === 2 ? u16Attribute(attribute, Number(value)) : u32Attribute(attribute, Number(value))];
  });

/** The words whose values are not a new port's; `cost` always. Hairpin is not among them. */
export function decodePortSettings(port: NetlinkAttributes): Spec {
  const found: { [word: string]: boolean | number } = {};
  for (const setting of PORT_SETTINGS) {
    const payload = setting.word === 'hairpin' ? undefined : port.get(setting.attribute);
    if (payload === undefined) continue;
    const value = setting.bytes === 1 ? decodeU8(payload) !== 0 : payload.readUIntLE(0, payload.length);
    if (value !== setting.default) found[setting.word] = value;
  }
  return found;
}

/** What a port of the lab is compared by: a cost that the kernel chose (`usual`: the costs that it may choose) counts only where one is written. */
export function comparedPortSettings(found: Spec, wanted: Spec | undefined, usual = USUAL_COSTS): Spec {
  const { cost, ...rest } = found;
  const isChosen = wanted?.['cost'] === undefined && usual.includes(Number(cost));
  return cost === undefined || isChosen ? rest : found;
}

/** The values that differ between two states of a port; where the second has none, the value of a new port. `cost`: that of one. */
export function changedPortSettings(before: Spec, after: Spec, cost: number): Spec {
  const changed = PORT_SETTINGS.filter(({ word }) => before[word] !== after[word]);
  return Object.fromEntries(changed.map(({ word, default: usual }) => [word, after[word] ?? usual ?? cost]));
}

/** What a new port has for a word; null: the kernel chooses. */
export const portDefault = (word: string): boolean | number | null =>
  PORT_SETTINGS.find((one) => one.word === word)?.default ?? null;

/** What is written, without what a new port has anyway. */
export const withoutPortDefaults = (written: Spec): Spec =>
  Object.fromEntries(
    PORT_SETTINGS.flatMap(({ word, default: usual }) => {
      const value = written[word];
      return value === undefined || value === usual ? [] : [[word, value]];
    }),
  );

/** The words after `type bridge_slave` of `ip link`. */
export const portShellWords = (values: Spec): readonly string[] =>
  PORT_SETTINGS.flatMap(({ word, shell }) => {
    const value = values[word];
    if (value === undefined) return [];
    return [shell, typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value)];
  });
