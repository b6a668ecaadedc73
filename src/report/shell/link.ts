import type { AddLink, BridgeValue, LinkSettings, VxlanValue } from '../../model/instruction.ts';
import { command, ip, word } from './words.ts';

type SetLink = { readonly netns: string; readonly name: string; readonly set: LinkSettings };

/** `ip link add`: a bridge with all its options, a vxlan with all of its, or a veth pair with both its ends. */
export function addLink(link: AddLink): string {
  const { mac, mtu, group, master } = link;
  const port = master === null ? null : `master ${word(master)}`;
  const queues = link.type === 'veth' ? QUEUES : null;
  const mine = command('name', word(link.name), queues, ...attributes({ mac, mtu }), port, 'group', group);
  const kind = command(
    'type',
    link.type,
    ...bridgeOptions(link.bridge ?? {}),
    ...vxlanOptions(link.vxlan),
    peerOf(link),
  );
  return command(ip(link.netns), 'link add', mine, kind);
}

/** `ip link set`, one line a message: what is plain, then a bridge's options, then a port's. */
export function setLink({ netns, name, set }: SetLink): readonly string[] {
  const start = command(ip(netns), 'link set dev', word(name));
  const plain = [
    set.alias === undefined ? null : `alias ${word(set.alias)}`,
    set.group === undefined ? null : `group ${set.group}`,
    set.mac === undefined ? null : `address ${set.mac}`,
    set.mtu === undefined ? null : `mtu ${set.mtu}`,
    set.master === undefined ? null : set.master === null ? 'nomaster' : `master ${word(set.master)}`,
    set.up === undefined ? null : set.up ? 'up' : 'down',
  ].filter((part) => part !== null);
  const options = bridgeOptions(set.bridge ?? {});
  return [
    ...(plain.length > 0 ? [command(start, ...plain)] : []),
    ...(options.length > 0 ? [command(start, 'type bridge', ...options)] : []),
    ...(set.hairpin === undefined ? [] : [command(start, 'type bridge_slave hairpin', set.hairpin ? 'on' : 'off')]),
  ];
}

// A veth has one queue per processor each way unless it is told otherwise.
const QUEUES = 'numtxqueues 1 numrxqueues 1';

const attributes = (of: { readonly mac: string; readonly mtu: number | null }): readonly (string | null)[] => [
  `address ${of.mac}`,
  of.mtu === null ? null : `mtu ${of.mtu}`,
];

function peerOf({ netns, peer }: AddLink): string | null {
  if (peer === null) return null;
  const { name, mac, mtu, group } = peer;
  const place = placeOf(netns, peer.netns);
  return command('peer name', word(name), place, QUEUES, ...attributes({ mac, mtu }), 'group', group);
}

// `ip` names a namespace by its entry under /run/netns or by a process in it; the machine's own has only the latter.
function placeOf(netns: string, peerNetns: string): string | null {
  if (peerNetns === netns) return netns === 'host' ? null : `netns ${word(netns)}`;
  return peerNetns === 'host' ? 'netns $$' : `netns ${word(peerNetns)}`;
}

const vxlanOptions = (vxlan: VxlanValue | undefined): readonly (string | null)[] =>
  vxlan === undefined
    ? []
    : [
        `id ${vxlan.id} remote ${vxlan.remote}`,
        vxlan.local === null ? null : `local ${vxlan.local}`,
        vxlan.dev === null ? null : `dev ${word(vxlan.dev)}`,
        `dstport ${vxlan.port}`,
      ];

// The kernel counts a bridge's times in hundredths of a second, and `ip` passes them on as they are.
function bridgeOptions(bridge: Partial<BridgeValue>): readonly string[] {
  const { stp, ageing, forwardDelay, priority, multicastSnooping } = bridge;
  return [
    stp === undefined ? '' : `stp_state ${Number(stp)}`,
    ageing === undefined ? '' : `ageing_time ${Math.round(ageing * 100)}`,
    forwardDelay === undefined ? '' : `forward_delay ${Math.round(forwardDelay * 100)}`,
    priority === undefined ? '' : `priority ${priority}`,
    multicastSnooping === undefined ? '' : `mcast_snooping ${Number(multicastSnooping)}`,
  ].filter((option) => option !== '');
}
