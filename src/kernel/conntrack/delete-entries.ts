import type { ConntrackMatch } from '../../model/kernel/conntrack-match.ts';
import { prefixAddressText } from '../../net/prefix.ts';
import { catchErrno } from '../errno.ts';
import { dumpAddresses } from '../netlink/address.ts';
import { conntrackDeletions } from '../netlink/conntrack.ts';
import {
  closeNetlinkSocket,
  exchangeMessages,
  NETLINK_NETFILTER,
  openNetlinkSocket,
  throwNetlinkRefusal,
} from '../netlink/socket.ts';
import { inNetns, inScratchNetns } from '../netns/netns.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { conntrackMatcher } from './match-entries.ts';

/** A kernel without nfnetlink has no such socket; one without ctnetlink knows no such message. */
const NO_CTNETLINK = ['EPROTONOSUPPORT', 'EINVAL', 'EOPNOTSUPP'];

/**
 * Forgets the tracked connections of a namespace that are one of these, found in one reading. A kernel that cannot list
 * them keeps them; `doctor` says so.
 */
export function deleteConntrackEntries(session: NetnsSession, flows: readonly ConntrackMatch[]): void {
  const here = flows.some(({ to }) => to === 'here') ? dumpAddresses(session.socket, String) : [];
  const isMeant = conntrackMatcher(
    flows,
    here.map(({ prefix }) => prefixAddressText(prefix)),
  );
  const socket = catchErrno(NO_CTNETLINK, () => inNetns(session.fd, () => openNetlinkSocket(NETLINK_NETFILTER)));
  if (socket === null) return;
  try {
    const deletions = catchErrno(NO_CTNETLINK, () => conntrackDeletions(socket, isMeant)) ?? [];
    // ENOENT: it has ended by itself meanwhile.
    for (const refusal of exchangeMessages(socket, deletions))
      if (refusal?.code !== 'ENOENT') throwNetlinkRefusal(refusal);
  } finally {
    closeNetlinkSocket(socket);
  }
}

/** Whether the kernel lists tracked connections, tried in a scratch namespace. */
export const hasCtnetlink = (): boolean =>
  inScratchNetns(() => {
    const socket = catchErrno(NO_CTNETLINK, () => openNetlinkSocket(NETLINK_NETFILTER));
    if (socket === null) return false;
    try {
      return catchErrno(NO_CTNETLINK, () => conntrackDeletions(socket, () => false)) !== null;
    } finally {
      closeNetlinkSocket(socket);
    }
  });
