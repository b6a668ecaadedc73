import type { Spec } from '../../model/json.ts';
import { ATTACHED, type AttachmentLive } from '../../model/lab-parts/attachment.ts';
import { canonicalAddress } from '../../net/address.ts';
import { formatPrefix, networkPrefix, parsePrefix } from '../../net/prefix.ts';
import { bootId } from '../boot.ts';
import { netnsCookie } from '../libc.ts';
import { dumpAddresses } from '../netlink/address.ts';
import { linkNamer } from '../netlink/link-dump.ts';
import { dumpRoutes } from '../netlink/route.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { chainTarget, checkChain } from './chain.ts';
import { addressFolders, readHostLocal } from './host-local.ts';
import { pluginFolders } from './plugin-folders.ts';
import type { AttachmentKey, AttachmentRecord } from './record.ts';
import { readAttachmentRecord } from './record.ts';
import { readResult } from './result.ts';

/** What is there of an attachment of ours; `session` null: its namespace has no name any more. Null: nothing was made. */
export function lookAtAttachment(key: AttachmentKey, session: NetnsSession | null): AttachmentLive | null {
  const record = readAttachmentRecord(key);
  if (record === null) return null;
  const { attachment, result } = record;
  const place = findProblem(key, record, session) ?? ATTACHED;
  return { place, spec: attachment as unknown as Spec, result };
}

/** What is not as the plugins made it, in words; null: nothing. */
function findProblem(key: AttachmentKey, record: AttachmentRecord, session: NetnsSession | null): string | null {
  const { result, attachment } = record;
  const lost = lostProblem(record, session);
  if (lost !== null || result === null || session === null) return lost;
  const own = ownProblem(key, record, session);
  if (own !== null) return own;
  const folders = [...new Set([...pluginFolders(), ...record.folders])];
  return checkChain(chainTarget(attachment, key.uid, folders), result);
}

/** Why an attachment cannot be in use any more; null: it may be. `session` null: its namespace has no name any more. */
export function lostProblem(
  { result, cookie, bootId: boot }: AttachmentRecord,
  session: NetnsSession | null,
): string | null {
  if (result === null) return 'its plugins were interrupted';
  if (boot !== bootId()) return 'the machine was started again';
  return session === null || netnsCookie(session.socket) !== cookie ? 'it is in a namespace that is gone' : null;
}

/** What CHECK does not see, or sees at the price of a process: the link, addresses, routes, and the file of host-local. */
function ownProblem(
  key: AttachmentKey,
  { result, attachment }: AttachmentRecord,
  session: NetnsSession,
): string | null {
  const { dev, config } = attachment;
  session.forgetLinks();
  const links = session.dumpedLinks();
  if (!links.some(({ name }) => name === dev)) return `its link ${dev} is gone`;
  const nameOf = linkNamer(links);
  const { addresses, routes } = readResult(result ?? {});
  const there = new Set(
    dumpAddresses(session.socket, nameOf).flatMap((one) => (one.dev === dev ? [bareAddress(one.prefix)] : [])),
  );
  const lost = addresses.find((address) => !there.has(bareAddress(address)));
  if (lost !== undefined) return `its address ${lost} is gone`;
  const known = new Set(dumpRoutes(session.socket, nameOf).map(({ to }) => to));
  const gone = routes.find(({ to }) => !known.has(networkText(to)));
  if (gone !== undefined) return `its route to ${gone.to} is gone`;
  const { containerId } = chainTarget(attachment, key.uid, []);
  const files = addressFolders(config).map((folder) => ({ folder, given: readHostLocal(folder) }));
  const isWritten = (given: ReturnType<typeof readHostLocal>): boolean =>
    addresses.every((address) =>
      given.some((one) => one.containerId === containerId && one.dev === dev && one.address === bareAddress(address)),
    );
  const unwritten = files.find(({ given }) => !isWritten(given));
  return unwritten === undefined ? null : `its address is not written down in ${unwritten.folder}`;
}

const bareAddress = (prefix: string): string => {
  const [address = ''] = prefix.split('/');
  return canonicalAddress(address) ?? address;
};

const networkText = (text: string): string => {
  const prefix = parsePrefix(text);
  return prefix ? formatPrefix(networkPrefix(prefix)) : text;
};
