import type { LinkKinds } from '../../model/link-kind.ts';
import { dumpLinks } from '../netlink/link-dump.ts';
import { deleteLinkMessage } from '../netlink/links/delete-link.ts';
import { exchangeMessages } from '../netlink/socket.ts';
import type { NetnsSession } from './sessions.ts';

/**
 * Deletes the links of a namespace that stand on a link of another one: the kernel, which removes namespaces in its own
 * time, would leave them there for a while, and a parent that one of them has for itself would be taken. What cannot be
 * deleted goes with the namespace.
 */
export function deleteForeignUppers({ socket }: NetnsSession, linkKinds: LinkKinds): void {
  const uppers = dumpLinks(socket).filter(
    ({ kind, lowerNsid }) => lowerNsid !== null && kind !== null && linkKinds.get(kind)?.pair !== true,
  );
  if (uppers.length > 0)
    exchangeMessages(
      socket,
      uppers.map(({ name }) => deleteLinkMessage(name)),
    );
}
