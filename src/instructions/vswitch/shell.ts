import type { OvsVlans } from '../../model/kernel/ovs-live.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { netnsCommand } from '../shell-commands.ts';
import type { OvsInstruction } from './types.ts';

/** What `ovs-vsctl` and `ethtool` do the same with. */
export function ovsShell(one: OvsInstruction): readonly string[] {
  const name = shellWord(one.name);
  if (one.do === 'vswitch.checksum')
    return [netnsCommand(one.netns, `ethtool -K ${name} tx ${one.isOffloaded ? 'on' : 'off'}`)];
  const vsctl = `ovs-vsctl --db=unix:${shellWord(one.socket)} --timeout=10`;
  switch (one.do) {
    case 'vswitch.bridge':
      return [
        `${vsctl} --may-exist add-br ${name} -- set Bridge ${name} datapath_type=netdev stp_enable=${one.stp} ` +
          `external_ids:netform=${shellWord(one.mark)} 'other_config:hwaddr="${one.mac}"' ` +
          `-- set Interface ${name} mtu_request=${one.mtu} -- set Port ${name} ${vlanWords(one.vlans)}`,
      ];
    case 'vswitch.bridge.delete':
      return [`${vsctl} --if-exists del-br ${name}`];
    case 'vswitch.port':
      return [
        `${vsctl} --may-exist add-port ${shellWord(one.bridge)} ${name} -- set Port ${name} ` +
          `external_ids:netform=${shellWord(one.mark)} ${vlanWords(one.vlans)}`,
      ];
    case 'vswitch.port.delete':
      return [`${vsctl} --if-exists del-port ${name}`];
  }
}

const vlanWords = ({ tag, trunks, mode }: OvsVlans): string =>
  `tag=${tag ?? '[]'} trunks=${trunks.length === 0 ? '[]' : trunks.join(',')} vlan_mode=${mode === '' ? '[]' : mode}`;
