import type { OvsVlans } from '../../model/kernel/ovs-live.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { netnsCommand } from '../shell-commands.ts';
import type { OvsInstruction } from './types.ts';

/** What `ovs-vsctl` and `ethtool` do the same with. */
export function ovsShell(one: OvsInstruction): readonly string[] {
  const name = shellWord(one.name);
  if (one.do === 'vswitch.checksum')
    return [netnsCommand(one.netns, `ethtool -K ${name} tx ${one.isOffloaded ? 'on' : 'off'}`)];
  if (one.do === 'vswitch.flows') {
    const lines = ['delete', 'priority=0,actions=NORMAL', ...one.flows].map((line) => shellWord(line)).join(' ');
    return [`printf '%s\\n' ${lines} | ovs-ofctl --bundle add-flows unix:${shellWord(one.control)} -`];
  }
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
    case 'vswitch.mirror':
      return [`${vsctl} ${mirrorWords(one)}`];
    case 'vswitch.mirror.delete':
      return [`${vsctl} -- --id=@m get Mirror ${name} -- remove Bridge ${shellWord(one.bridge)} mirrors @m`];
  }
}

const vlanWords = ({ tag, trunks, mode }: OvsVlans): string =>
  `tag=${tag ?? '[]'} trunks=${trunks.length === 0 ? '[]' : trunks.join(',')} vlan_mode=${mode === '' ? '[]' : mode}`;

function mirrorWords(one: OvsInstruction & { readonly do: 'vswitch.mirror' }): string {
  const { name, bridge, mark, all, arriving, leaving, vlans, to } = one;
  const ports = [...new Set([...arriving, ...leaving, ...(to === null ? [] : [to])])];
  const idOf = (port: string): string => `@p${ports.indexOf(port)}`;
  const values = (column: string, list: readonly (string | number)[]) =>
    list.length === 0 ? [] : [`${column}=${list.join(',')}`];
  const words = [
    ...[`name=${shellWord(name)}`, `external_ids:netform=${shellWord(mark)}`, `select_all=${all}`],
    ...values('select_src_port', arriving.map(idOf)),
    ...values('select_dst_port', leaving.map(idOf)),
    ...values('select_vlan', vlans),
    ...values('output_port', to === null ? [] : [idOf(to)]),
  ];
  return [
    ...ports.map((port) => `-- --id=${idOf(port)} get Port ${shellWord(port)}`),
    `-- --id=@m create Mirror ${words.join(' ')}`,
    `-- add Bridge ${shellWord(bridge)} mirrors @m`,
  ].join(' ');
}
