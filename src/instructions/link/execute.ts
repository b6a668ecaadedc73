import type { BatchExecutor, EncodingContext, NetlinkEncoder } from '../../kernel/execute/instruction-executor.ts';
import { addLinkMessage, setLinkMessages } from '../../kernel/netlink/link.ts';
import type { NetlinkMessage } from '../../kernel/netlink/message.ts';
import { throwNetlinkRefusal } from '../../kernel/netlink/socket.ts';
import { type LinkKinds, linkKindOf, lowerOf, sectionKind } from '../../model/link-kind.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { deleteLinks } from './delete-links.ts';
import type { AddLink, DeleteLink, LinkInstruction, SetLink } from './types.ts';

/** RTM_NEWLINK, for new links and for changes. Deletions are not among them: many are deleted together. */
export const linkEncoder = (linkKinds: LinkKinds): NetlinkEncoder<LinkInstruction> => ({
  accepts: (instruction) => instruction.do !== 'link.delete',
  encode: (instruction, context) => {
    if (instruction.do === 'link.delete') return [];
    return instruction.do === 'link.add'
      ? [addMessage(instruction, linkKinds, context)]
      : setMessages(instruction, linkKinds, context);
  },
  sentIn: (instruction) => (instruction.do === 'link.add' ? instruction.lower : null)?.netns ?? instruction.netns,
  addsLinks: (instruction) => instruction.do === 'link.add',
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
