import type { PortVlanLive } from '../../model/kernel/live-state.ts';
import type { VlanRange } from '../../model/lab-parts/vlan-range.ts';
import { portSettingsOfShell } from '../../net/bridge-port.ts';
import { LAST_VLAN } from '../../net/vlan.ts';
import { NEW_PORT_VLANS, portVlanWords } from '../links/port-vlans.ts';
import { type CommandReader, linkConfig } from './config.ts';

/** `bridge vlan add|del dev eth1 vid 10 [pvid] [untagged]`, `bridge link set dev eth1 isolated on`. */
export const readBridgeCommand: CommandReader = (config, [object, verb, ...words], context) => {
  if (object === 'link' && verb === 'set') return setPort(config, words, context);
  const isChange = verb === 'add' || verb === 'del' || verb === 'delete';
  return object === 'vlan' && isChange && changeVlans(config, [verb, ...words], context);
};

const setPort: CommandReader = (config, words, { nameOf }) => {
  const [dev, rest] = splitDevice(words);
  const settings = dev === null || rest.length === 0 ? null : portSettingsOfShell(rest);
  if (dev === null || settings === null) return false;
  const link = linkConfig(config, nameOf(dev));
  link.port = { ...link.port, ...settings };
  return true;
};

const changeVlans: CommandReader = (config, [verb, ...words], { nameOf }) => {
  const [dev, rest] = splitDevice(words);
  const at = rest.indexOf('vid');
  const range = at < 0 ? null : rangeOf(rest[at + 1] ?? '');
  const flags = rest.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
  if (dev === null || range === null || flags.some((flag) => !FLAGS.includes(flag))) return false;
  const had = config.links.get(nameOf(dev))?.vlans ?? NEW_PORT_VLANS;
  const changed = { vlans: range, pvid: flags.includes('pvid'), untagged: flags.includes('untagged') };
  const vlans =
    verb === 'add' ? [...withoutVlans(had, changed), changed] : withoutVlans(had, { ...changed, pvid: false });
  const link = linkConfig(config, nameOf(dev));
  const { access: _access, trunk: _trunk, native: _native, ...settings } = link.port ?? {};
  link.vlans = vlans;
  link.port = { ...settings, ...portVlanWords(vlans) };
  return true;
};

const FLAGS = ['pvid', 'untagged', 'master'];

/** `dev eth1` and the other words. */
function splitDevice(words: readonly string[]): readonly [dev: string | null, rest: readonly string[]] {
  const at = words.indexOf('dev');
  return at < 0 ? [null, words] : [words[at + 1] ?? null, words.filter((_, i) => i !== at && i !== at + 1)];
}

/** `10`, or `20-29`; null: no VLANs. */
function rangeOf(text: string): VlanRange | null {
  const [, first = '', last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const [low, high] = [Number(first), Number(last)];
  return low >= 1 && low <= high && high <= LAST_VLAN ? [low, high] : null;
}

/** A new VLAN of frames without a tag takes that from the one before, whose frames still leave without one (`bridge(8)`). */
function withoutVlans(
  had: readonly PortVlanLive[],
  { vlans: [first, last], pvid }: PortVlanLive,
): readonly PortVlanLive[] {
  return had.flatMap((one): PortVlanLive[] => {
    const [low, high] = one.vlans;
    const kept = { pvid: one.pvid && !pvid, untagged: one.untagged };
    const below: VlanRange = [low, Math.min(high, first - 1)];
    const above: VlanRange = [Math.max(low, last + 1), high];
    return [below, above].filter(([from, to]) => from <= to).map((vlans) => ({ vlans, ...kept }));
  });
}
