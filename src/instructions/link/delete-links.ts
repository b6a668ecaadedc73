import { randomInt } from 'node:crypto';
import { deleteGroupMessage, deleteLinkMessage, setGroupMessage } from '../../kernel/netlink/links/delete-link.ts';
import type { RawLink } from '../../kernel/netlink/links/raw-link.ts';
import { exchangeMessages, type NetlinkRefusal } from '../../kernel/netlink/socket.ts';
import type { NetnsSession } from '../../kernel/netns/sessions.ts';

/** From here on the group is faster: one by one a link takes 16 ms, in a group half a millisecond. */
const MIN_GROUP_SIZE = 3;

/** Called with the name of a link that was not deleted, and the reason. */
export type LinkRefusalHandler = (link: string, refusal: NetlinkRefusal) => void;

/** Deletes links of one namespace, exactly these, and says which the kernel refused. */
export function deleteLinks(session: NetnsSession, names: readonly string[], refuse: LinkRefusalHandler): void {
  session.forgetIndexes();
  if (names.length < MIN_GROUP_SIZE) deleteIndividually(session, names, refuse);
  else deleteByGroup(session, names, refuse);
}

/**
 * The links of one dump, which is kept from batch to batch: a lab of thousands is deleted in many. A link that came in place of
 * a dumped one has another index, and is refused as one that is gone.
 */
function deleteByGroup(session: NetnsSession, names: readonly string[], refuse: LinkRefusalHandler): void {
  const links = session.dumpedLinks();
  const asked = new Set(names);
  const wanted = links.filter(({ name }) => asked.has(name));
  const there = new Set(wanted.map(({ name }) => name));
  for (const name of names) if (!there.has(name)) refuse(name, { code: 'ENODEV', text: null });
  const group = unusedGroup(links);
  const moves = exchangeMessages(
    session.socket,
    wanted.map(({ index }) => setGroupMessage(index, group)),
  );
  const moved = wanted.filter((link, i) => isAccepted(link, moves[i] ?? null, refuse));
  const [refusal] = exchangeMessages(session.socket, [deleteGroupMessage(group)]);
  if (refusal) deleteWithoutGroup(session, moved, refuse);
}

/** The kernel deletes all of a group or none: a device of the machine among them makes it none. */
function deleteWithoutGroup(session: NetnsSession, moved: readonly RawLink[], refuse: LinkRefusalHandler): void {
  const kept = new Set<string>();
  deleteIndividually(
    session,
    moved.map(({ name }) => name),
    (name, why) => {
      kept.add(name);
      refuse(name, why);
    },
  );
  exchangeMessages(
    session.socket,
    moved.filter(({ name }) => kept.has(name)).map(({ index, group }) => setGroupMessage(index, group)),
  );
}

function deleteIndividually({ socket }: NetnsSession, names: readonly string[], refuse: LinkRefusalHandler): void {
  const refusals = exchangeMessages(socket, names.map(deleteLinkMessage));
  names.forEach((name, i) => void isAccepted({ name }, refusals[i] ?? null, refuse));
}

function isAccepted(
  { name }: { readonly name: string },
  refusal: NetlinkRefusal | null,
  refuse: LinkRefusalHandler,
): boolean {
  if (refusal) refuse(name, refusal);
  return refusal === null;
}

function unusedGroup(links: readonly RawLink[]): number {
  const used = new Set(links.map(({ group }) => group));
  for (;;) {
    const group = randomInt(0x40000000, 0x7fffffff);
    if (!used.has(group)) return group;
  }
}
