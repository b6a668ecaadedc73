import type { AttachmentDescription, CniResult } from '../../model/lab-parts/attachment.ts';
import { canonicalAddress } from '../../net/address.ts';
import { bootId } from '../boot.ts';
import { netnsCookie } from '../libc.ts';
import { dumpLinks, linkNamer } from '../netlink/link-dump.ts';
import { deleteRouteMessage, dumpRoutes } from '../netlink/route.ts';
import { exchangeMessages } from '../netlink/socket.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { removeCache, writeCache } from './cache.ts';
import { addChain, attachmentError, type ChainTarget, chainTarget, checkChain, deleteChain } from './chain.ts';
import { noteFootprint, type PluginHost, sweepFootprint } from './footprint.ts';
import { addressFolders, freeHostLocal } from './host-local.ts';
import { pluginFolders } from './plugin-folders.ts';
import {
  type AttachmentKey,
  type AttachmentRecord,
  readAttachmentRecord,
  removeAttachmentRecord,
  writeAttachmentRecord,
} from './record.ts';
import { readResult, withoutDefaults } from './result.ts';

/**
 * Attaches an interface: what is there of it is deleted first; it is written down before the first plugin is called. Throws
 * when a plugin fails, or gives other addresses than it was asked for; then all of the chain is deleted again.
 */
export function attach(
  uid: string,
  attachment: AttachmentDescription,
  { session, ...place }: PluginHost & { readonly session: NetnsSession },
): void {
  const key = { uid, netns: attachment.netns, dev: attachment.dev };
  detach(key, place);
  const folders = pluginFolders();
  const target = chainTarget(attachment, uid, folders);
  const cookie = netnsCookie(session.socket);
  const record: AttachmentRecord = { version: 1, bootId: bootId(), cookie, folders, attachment, result: null };
  noteFootprint(attachment, place);
  writeAttachmentRecord(key, record);
  const { result, problem } = addChain(target);
  const made = result === null ? null : keepDefaults(attachment, result, session);
  const failed = problem ?? (made === null ? 'its plugins gave no result' : resultProblem(target, made));
  if (failed !== null || made === null) {
    clear(target, result);
    removeAttachmentRecord(key);
    sweepFootprint(attachment, result, place);
    throw attachmentError(failed ?? '');
  }
  writeCache(target, made);
  writeAttachmentRecord(key, { ...record, result: made });
}

/** Deletes an attachment as it was made. Throws when a plugin fails: then it is still remembered. One that is not there is no error. */
export function detach(key: AttachmentKey, place: PluginHost): void {
  const record = readAttachmentRecord(key);
  if (record === null) return;
  const { attachment, folders, result } = record;
  const target = chainTarget(attachment, key.uid, [...new Set([...pluginFolders(), ...folders])]);
  const problems = clear(target, result);
  if (problems.length > 0) throw attachmentError(problems.join('; '));
  removeAttachmentRecord(key);
  sweepFootprint(attachment, result, place);
}

/** DEL of all plugins, and what they leave of this attachment. */
function clear(target: ChainTarget, result: CniResult | null): readonly string[] {
  const { attachment, containerId } = target;
  const problems = deleteChain(target, result);
  for (const folder of addressFolders(attachment.config)) freeHostLocal(folder, containerId, attachment.dev);
  removeCache(target);
  return problems;
}

/** Deletes the default routes of the families that go another way, as Multus does, from the namespace and from the result. */
function keepDefaults({ dev, defaults }: AttachmentDescription, result: CniResult, session: NetnsSession): CniResult {
  const others = ([4, 6] as const).filter((family) => !defaults.includes(family));
  if (others.length === 0) return result;
  session.forgetLinks();
  const routes = dumpRoutes(session.socket, linkNamer(dumpLinks(session.socket)));
  const wrong = routes.filter(
    ({ to, table, hops }) =>
      table === MAIN_TABLE &&
      others.some((family) => to === (family === 4 ? '0.0.0.0/0' : '::/0')) &&
      hops.length === 1 &&
      hops[0]?.dev === dev,
  );
  exchangeMessages(
    session.socket,
    wrong.map((route) => deleteRouteMessage(route, session.linkIndex)),
  );
  return withoutDefaults(result, others);
}

// linux/rtnetlink.h, RT_TABLE_MAIN
const MAIN_TABLE = 254;

/** What is wrong with what the plugins made; null: nothing. */
function resultProblem(target: ChainTarget, result: CniResult): string | null {
  const { network, prefixes } = target.attachment;
  const given = readResult(result).addresses.map(bareAddress);
  const missing = prefixes.filter((prefix) => !given.includes(bareAddress(prefix)));
  if (missing.length > 0)
    return `the plugins of ${network} gave ${given.join(', ') || 'no address'} where ${missing.join(', ')} was asked for`;
  return checkChain(target, result);
}

const bareAddress = (prefix: string): string => {
  const [address = ''] = prefix.split('/');
  return canonicalAddress(address) ?? address;
};
