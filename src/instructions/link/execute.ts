import type { BatchExecutor, EncodingContext, NetlinkEncoder } from '../../kernel/execute/instruction-executor.ts';
import { addLinkMessage, moveLinkMessage, setLinkMessages } from '../../kernel/netlink/link.ts';
import type { NetlinkMessage } from '../../kernel/netlink/message.ts';
import { exchangeMessages, throwNetlinkRefusal } from '../../kernel/netlink/socket.ts';
import { createTun } from '../../kernel/netns/tuntap.ts';
import { accountNumber } from '../../kernel/read/accounts.ts';
import { type LinkKinds, linkKindOf, lowerOf, sectionKind } from '../../model/link-kind.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { deleteLinks } from './delete-links.ts';
import type { AddLink, DeleteLink, LinkInstruction, MoveLink, SetLink } from './types.ts';

/** RTM_NEWLINK, for new links and for changes. Deletions are not among them: many are deleted together. */
export const linkEncoder = (linkKinds: LinkKinds): NetlinkEncoder<LinkInstruction> => ({
  accepts: (instruction) =>
    instruction.do !== 'link.delete' && (instruction.do !== 'link.add' || !isMadeByIoctl(linkKinds, instruction)),
  encode: (instruction, context) => {
    if (instruction.do === 'link.delete') return [];
    if (instruction.do === 'link.move') return [moveMessage(instruction, context)];
    return instruction.do === 'link.add'
      ? [addMessage(instruction, linkKinds, context)]
      : setMessages(instruction, linkKinds, context);
  },
  sentIn: (instruction) => (instruction.do === 'link.add' ? instruction.lower : null)?.netns ?? instruction.netns,
  addsLinks: (instruction) => instruction.do === 'link.add' || instruction.do === 'link.move',
});

function addMessage(
  instruction: AddLink,
  linkKinds: LinkKinds,
  { session, sessions }: EncodingContext,
): NetlinkMessage {
  const { netns, kind, master, lower, peer } = instruction;
  const isElsewhere = lower !== null && lower.netns !== netns;
  return addLinkMessage(instruction, linkKindOf(linkKinds, kind), {
    master: master === null ? null : session.linkIndex(master),
    lower: lower && sessions.open(lower.netns).linkIndex(lower.name),
    peerNetns: peer && peer.netns !== netns ? sessions.open(peer.netns).fd : null,
    ownNetns: isElsewhere ? session.fd : null,
  });
}

const moveMessage = ({ netns, name, to }: MoveLink, { session, sessions }: EncodingContext): NetlinkMessage =>
  moveLinkMessage(session.linkIndex(name), {
    name: to.name,
    netns: to.netns === netns ? null : sessions.open(to.netns).fd,
  });

function setMessages(
  { netns, name, set }: SetLink,
  linkKinds: LinkKinds,
  { session, sessions }: EncodingContext,
): readonly NetlinkMessage[] {
  const { master = null, options } = set;
  const codec = options ? linkKindOf(linkKinds, options.kind) : null;
  // An option that is not named is not in the message; one that the kernel would reset is.
  const lower = options && codec ? lowerOf(codec, { netns, options: options.values }) : null;
  const masterKind = sectionKind(linkKinds, 'bridges').name;
  return setLinkMessages(name, set, {
    master: master === null ? null : session.linkIndex(master),
    lower: lower && sessions.open(lower.netns).linkIndex(lower.name),
    indexOf: (other) => session.linkIndex(other),
    masterKind,
    codec,
  });
}

/** Deletes links, those of one namespace together. */
export const executeLinkDelete: BatchExecutor<LinkInstruction> = (instructions, { sessions }, attempt) => {
  const all = instructions.filter((one): one is DeleteLink => one.do === 'link.delete');
  for (const [netns, some] of groupBy(all, (one) => one.netns))
    attempt(some, () => {
      const byName = new Map(some.map((one) => [one.name, one]));
      deleteLinks(sessions.open(netns), [...byName.keys()], (name, refusal) => {
        const one = byName.get(name);
        if (one) attempt([one], () => throwNetlinkRefusal(refusal));
      });
    });
  if (all.length > 0) sessions.forgetIndexes();
};

const isMadeByIoctl = (linkKinds: LinkKinds, { kind }: AddLink): boolean =>
  linkKindOf(linkKinds, kind).create !== undefined;

/** Makes the links that are not made by netlink; their other settings are there before they are. */
export const executeTunAdd: BatchExecutor<LinkInstruction> = (instructions, { sessions, linkKinds }, attempt) => {
  for (const one of instructions) {
    if (one.do !== 'link.add' || !isMadeByIoctl(linkKinds, one)) continue;
    const { netns, name, kind, options, mac, mtu, group, master } = one;
    attempt([one], () => {
      const session = sessions.open(netns);
      const numberOf = (of: 'user' | 'group'): number | null =>
        typeof options[of] === 'string' ? accountNumber(of, options[of]) : null;
      const set = {
        group,
        ...(mac === '' ? {} : { mac }),
        ...(mtu === null ? {} : { mtu }),
        ...(master === null ? {} : { master }),
      };
      const device = { name, mode: kind, owner: numberOf('user'), group: numberOf('group') };
      createTun(session.fd, device, () => {
        session.forgetLinks();
        const [refusal] = exchangeMessages(
          session.socket,
          setMessages({ do: 'link.set', netns, name, set }, linkKinds, { session, sessions }),
        );
        if (refusal) throwNetlinkRefusal(refusal);
      });
    });
  }
};
