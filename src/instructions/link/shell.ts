import type { Spec } from '../../model/json.ts';
import { type LinkKind, type LinkKinds, linkKindOf, sectionKind } from '../../model/link-kind.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { ipCommand, shellCommand } from '../shell-commands.ts';
import type { AddLink, LinkInstruction, MoveLink, SetLink } from './types.ts';

/** `ip link add|set|delete`, with the options of each kind in its own words. */
export function linkShell(instruction: LinkInstruction, linkKinds: LinkKinds): readonly string[] {
  if (instruction.do === 'link.add') {
    const kind = linkKindOf(linkKinds, instruction.kind);
    return kind.create === 'ioctl' ? addTunLines(instruction, kind) : [addLinkLine(instruction, linkKinds)];
  }
  if (instruction.do === 'link.set') return setLinkLines(instruction, linkKinds);
  if (instruction.do === 'link.move') return [moveLinkLine(instruction)];
  return [shellCommand(ipCommand(instruction.netns), 'link delete dev', shellWord(instruction.name))];
}

/** `ip link add`: a link with all the options of its kind, or a pair with both its ends. */
function addLinkLine(link: AddLink, linkKinds: LinkKinds): string {
  const { netns, lower } = link;
  const kind = linkKindOf(linkKinds, link.kind);
  const isElsewhere = lower !== null && lower.netns !== netns;
  const place = isElsewhere ? lower.netns : netns;
  return shellCommand(
    ipCommand(place),
    'link add',
    ...(kind.netlink.hasLinkAttribute && lower ? ['link', shellWord(lower.name)] : []),
    'name',
    shellWord(link.name),
    isElsewhere ? netnsOption(netns) : null,
    queuesOf(kind),
    ...linkAttributes(link),
    link.master === null ? null : `master ${shellWord(link.master)}`,
    groupOption(link.group),
    'type',
    link.kind,
    ...optionWords(kind, link.options),
    peerOptions(link, kind),
  );
}

function moveLinkLine({ netns, name, to }: MoveLink): string {
  const place = to.netns === netns ? null : netnsOption(to.netns);
  const named = to.name === name ? null : `name ${shellWord(to.name)}`;
  return shellCommand(ipCommand(netns), 'link set dev', shellWord(name), place, named);
}

/** `ip tuntap add` takes no settings of the link: they follow. */
function addTunLines(link: AddLink, kind: LinkKind): readonly string[] {
  const { netns, name, group, master } = link;
  const words = optionWords(kind, link.options);
  const port = master === null ? null : `master ${shellWord(master)}`;
  const settings = [...linkAttributes(link), groupOption(group), port].filter((word) => word !== null);
  const set = shellCommand(ipCommand(netns), 'link set dev', shellWord(name), ...settings);
  return [
    shellCommand(ipCommand(netns), 'tuntap add dev', shellWord(name), 'mode', kind.name, ...words),
    ...(settings.length === 0 ? [] : [set]),
  ];
}

/** Hairpin has a field of its own at cables. */
function portWords({ hairpin, port = {} }: SetLink['set'], linkKinds: LinkKinds): readonly string[] {
  const { name, ports } = sectionKind(linkKinds, 'bridges');
  return [`type ${name}_slave`, ...(ports?.shell(hairpin === undefined ? port : { ...port, hairpin }) ?? [])];
}

const optionWords = (kind: LinkKind, options: Spec): readonly string[] =>
  kind.shell(options).map((word) => shellWord(String(word)));

/** `ip link set`, one line per netlink message: the link's own settings, the options of its kind, a port's options. */
function setLinkLines({ netns, name, set }: SetLink, linkKinds: LinkKinds): readonly string[] {
  const start = shellCommand(ipCommand(netns), 'link set dev', shellWord(name));
  const plain = [
    set.alias === undefined ? null : `alias ${shellWord(set.alias)}`,
    set.group === undefined ? null : `group ${set.group}`,
    set.mac === undefined ? null : `address ${set.mac}`,
    set.mtu === undefined ? null : `mtu ${set.mtu}`,
    set.master === undefined ? null : set.master === null ? 'nomaster' : `master ${shellWord(set.master)}`,
    set.up === undefined ? null : set.up ? 'up' : 'down',
  ].filter((part) => part !== null);
  const { options } = set;
  return [
    ...(plain.length > 0 ? [shellCommand(start, ...plain)] : []),
    ...(options
      ? [shellCommand(start, 'type', options.kind, ...optionWords(linkKindOf(linkKinds, options.kind), options.values))]
      : []),
    ...(set.hairpin === undefined && set.port === undefined ? [] : [shellCommand(start, ...portWords(set, linkKinds))]),
  ];
}

// A link has one queue per processor in each direction by default.
const queuesOf = ({ singleQueue }: LinkKind): string | null => (singleQueue ? 'numtxqueues 1 numrxqueues 1' : null);

// A link is in group 0 when nothing is said.
const groupOption = (group: number): string | null => (group === 0 ? null : `group ${group}`);

const linkAttributes = (of: { readonly mac: string; readonly mtu: number | null }): readonly (string | null)[] => [
  of.mac === '' ? null : `address ${of.mac}`,
  of.mtu === null ? null : `mtu ${of.mtu}`,
];

function peerOptions({ netns, peer }: AddLink, kind: LinkKind): string | null {
  if (peer === null) return null;
  const { name, mac, mtu, group } = peer;
  const place = peerNetnsOption(netns, peer.netns);
  return shellCommand(
    'peer name',
    shellWord(name),
    place,
    queuesOf(kind),
    ...linkAttributes({ mac, mtu }),
    groupOption(group),
  );
}

// `ip` names a namespace by its entry under /run/netns or by a process in it; the machine's own has only the latter.
function peerNetnsOption(netns: string, peerNetns: string): string | null {
  if (peerNetns === netns) return netns === 'host' ? null : `netns ${shellWord(netns)}`;
  return netnsOption(peerNetns);
}

const netnsOption = (netns: string): string => (netns === 'host' ? 'netns $$' : `netns ${shellWord(netns)}`);
