import type { AddLink, BridgeValue, LinkSettings, VxlanValue } from '../../model/instruction.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { ipCommand, shellCommand } from './quote.ts';

type ShellLinkSet = { readonly netns: string; readonly name: string; readonly set: LinkSettings };

/** `ip link add`: a bridge with all its options, a vxlan with all of its, or a veth pair with both its ends. */
export function addLinkLine(link: AddLink): string {
  const { mac, mtu, group, master } = link;
  const port = master === null ? null : `master ${shellWord(master)}`;
  const queues = link.type === 'veth' ? QUEUES : null;
  const mine = shellCommand(
    'name',
    shellWord(link.name),
    queues,
    ...linkAttributes({ mac, mtu }),
    port,
    'group',
    group,
  );
  const kind = shellCommand(
    'type',
    link.type,
    ...bridgeOptions(link.bridge ?? {}),
    ...vxlanOptions(link.vxlan),
    peerOptions(link),
  );
  return shellCommand(ipCommand(link.netns), 'link add', mine, kind);
}

/** `ip link set`, one line per netlink message: the link's own settings, a bridge's options, a port's options. */
export function setLinkLines({ netns, name, set }: ShellLinkSet): readonly string[] {
  const start = shellCommand(ipCommand(netns), 'link set dev', shellWord(name));
  const plain = [
    set.alias === undefined ? null : `alias ${shellWord(set.alias)}`,
    set.group === undefined ? null : `group ${set.group}`,
    set.mac === undefined ? null : `address ${set.mac}`,
    set.mtu === undefined ? null : `mtu ${set.mtu}`,
    set.master === undefined ? null : set.master === null ? 'nomaster' : `master ${shellWord(set.master)}`,
    set.up === undefined ? null : set.up ? 'up' : 'down',
  ].filter((part) => part !== null);
  const options = bridgeOptions(set.bridge ?? {});
  return [
    ...(plain.length > 0 ? [shellCommand(start, ...plain)] : []),
    ...(options.length > 0 ? [shellCommand(start, 'type bridge', ...options)] : []),
    ...(set.hairpin === undefined
      ? []
      : [shellCommand(start, 'type bridge_slave hairpin', set.hairpin ? 'on' : 'off')]),
  ];
}

// A veth has one queue per processor in each direction by default.
const QUEUES = 'numtxqueues 1 numrxqueues 1';

const linkAttributes = (of: { readonly mac: string; readonly mtu: number | null }): readonly (string | null)[] => [
  `address ${of.mac}`,
  of.mtu === null ? null : `mtu ${of.mtu}`,
];

function peerOptions({ netns, peer }: AddLink): string | null {
  if (peer === null) return null;
  const { name, mac, mtu, group } = peer;
  const place = peerNetnsOption(netns, peer.netns);
  return shellCommand('peer name', shellWord(name), place, QUEUES, ...linkAttributes({ mac, mtu }), 'group', group);
}

// `ip` names a namespace by its entry under /run/netns or by a process in it; the machine's own has only the latter.
function peerNetnsOption(netns: string, peerNetns: string): string | null {
  if (peerNetns === netns) return netns === 'host' ? null : `netns ${shellWord(netns)}`;
  return peerNetns === 'host' ? 'netns $$' : `netns ${shellWord(peerNetns)}`;
}

const vxlanOptions = (vxlan: VxlanValue | undefined): readonly (string | null)[] =>
  vxlan === undefined
    ? []
    : [
        `id ${vxlan.id} remote ${vxlan.remote}`,
        vxlan.local === null ? null : `local ${vxlan.local}`,
        vxlan.dev === null ? null : `dev ${shellWord(vxlan.dev)}`,
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
