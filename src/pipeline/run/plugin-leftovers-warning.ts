import { sysctlName } from '../../model/ids.ts';
import type { Query } from '../../model/kernel/need.ts';
import type { Machine } from '../../model/machine.ts';
import type { Session } from '../session.ts';

/** What CNI plugins have made on the machine, and the switches of forwarding that are on. */
export type MadeByPlugins = { readonly objects: readonly string[]; readonly switches: readonly string[] };

/** What CNI plugins have made, before attachments are deleted. */
export function readMadeByPlugins(machine: Machine): MadeByPlugins {
  const objects = machine.read([{ need: 'plugin-objects' }]).get({ need: 'plugin-objects' }) ?? [];
  return { objects, switches: objects.length === 0 ? [] : switchesOn(machine) };
}

const SWITCH_KEYS = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'];
const SWITCHES: Query = SWITCH_KEYS.map((key) => ({ need: 'sysctl-value', netns: 'host', key }));

function switchesOn(machine: Machine): readonly string[] {
  const live = machine.read(SWITCHES);
  return SWITCH_KEYS.filter((key) => live.get({ need: 'sysctl-value', netns: 'host', key }) === '1');
}

/** Warns about what plugins have made that stays after the last attachment, because others use it, or because it runs: they never remove it themselves. */
export function warnPluginLeftovers({ machine, progress }: Session, { objects, switches }: MadeByPlugins): void {
  if (objects.length === 0) return;
  const live = machine.read([{ need: 'plugin-objects' }, { need: 'plugin-object-uses' }]);
  const kept = live.get({ need: 'plugin-objects' }) ?? [];
  const uses = live.get({ need: 'plugin-object-uses' }) ?? [];
  const left = objects.flatMap((object) => {
    const users = uses.filter(({ what }) => what === object);
    return users.length === 0 || kept.includes(object) ? [] : [{ object, users }];
  });
  for (const { object, users } of left)
    progress.warn(`${object}, left by CNI plugins, stays: ${users.map(({ because }) => because).join(', ')}`);
  const isUsed = left.some(({ users }) => users.some(({ isProcess }) => !isProcess));
  const on = isUsed ? switchesOn(machine) : switches;
  const off = switches.filter((key) => !on.includes(key)).map(sysctlName);
  if (off.length > 0)
    progress.warn(
      `${off.join(' and ')} is 0 again, as before the lab; containers of others that need it: sysctl -w ${off.map((name) => `${name}=1`).join(' ')}`,
    );
}
