import type { Flow } from '../model/flow.ts';
import { addressText } from '../net/prefix.ts';
import { unless } from './errno.ts';
import { flowMatcher } from './flow-matcher.ts';
import { dumpAddresses } from './netlink/address.ts';
import { deletionsOf, NETLINK_NETFILTER } from './netlink/conntrack.ts';
import { closeSocket, exchange, openSocket, throwRefusal } from './netlink/socket.ts';
import { inNetns, inScratch } from './netns.ts';
import type { Session } from './sessions.ts';

/** A kernel without nfnetlink has no such socket; one without ctnetlink knows no such message. */
const NO_CTNETLINK = ['EPROTONOSUPPORT', 'EINVAL', 'EOPNOTSUPP'];

/**
 * Forgets the tracked connections of a namespace that are one of these, found in one reading. A kernel that cannot list
 * them keeps them; `doctor` says so.
 */
export function forgetFlows(session: Session, flows: readonly Flow[]): void {
  const here = flows.some(({ to }) => to === 'here') ? dumpAddresses(session.socket, String) : [];
  const isMeant = flowMatcher(
    flows,
    here.map(({ prefix }) => addressText(prefix)),
  );
  const socket = unless(NO_CTNETLINK, () => inNetns(session.fd, () => openSocket(NETLINK_NETFILTER)));
  if (socket === null) return;
  try {
    const deletions = unless(NO_CTNETLINK, () => deletionsOf(socket, isMeant)) ?? [];
    // ENOENT: it has ended by itself meanwhile.
    for (const refusal of exchange(socket, deletions)) if (refusal?.code !== 'ENOENT') throwRefusal(refusal);
  } finally {
    closeSocket(socket);
  }
}

/** Whether the kernel lists tracked connections, tried in a namespace that nobody sees. */
export const hasCtnetlink = (): boolean =>
  inScratch(() => {
    const socket = unless(NO_CTNETLINK, () => openSocket(NETLINK_NETFILTER));
    if (socket === null) return false;
    try {
      return unless(NO_CTNETLINK, () => deletionsOf(socket, () => false)) !== null;
    } finally {
      closeSocket(socket);
    }
  });
