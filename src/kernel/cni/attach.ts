import { type AttachmentDescription, type CniResult, containerIdOf } from '../../model/lab-parts/attachment.ts';
import { canonicalAddress } from '../../net/address.ts';
import { bootId } from '../boot.ts';
import { netnsCookie } from '../libc.ts';
import { dumpLinks, linkNamer } from '../netlink/link-dump.ts';
import { deleteRouteMessage, dumpRoutes } from '../netlink/route.ts';
import { exchangeMessages } from '../netlink/socket.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { removeCache, writeCache } from './cache.ts';
import { addChain, attachmentError, type ChainTarget, chainTarget, checkChain, deleteChain } from './chain.ts';
import { forgetFootprint, noteFootprint, sweepFootprint } from './footprint/footprint.ts';
import { readIptablesTables, removeContainerChains, removeEmptyTables } from './footprint/iptables-chains.ts';
import { noteLocalnet, sweepLocalnet } from './footprint/localnet.ts';
import type { PluginHost } from './footprint/plugin-host.ts';
import { addressFolders, freeHostLocal } from './host-local.ts';
import { pluginFolders } from './plugin-folders.ts';
import { endStrayPlugins } from './processes/stray-plugins.ts';
import {
  type AttachmentKey,
  type AttachmentRecord,
  listAttachmentRecords,
  readAttachmentRecord,
  removeAttachmentRecord,
  writeAttachmentRecord,
} from './record.ts';
import { readResult, withoutDefaults } from './result.ts';
import { chainsOf } from './traces.ts';
import { readTunedSysctls, restoreTunedSysctls, type TunedSysctls } from './tuned-sysctls.ts';

/** The machine, and the namespace that is attached; null: it is gone. */
export type AttachmentPlace = PluginHost & { readonly session: NetnsSession | null };

/**
 * Attaches an interface: what is there of it is deleted first; it is written down before the first plugin is called. Throws
 * when a plugin fails, or gives other addresses than it was asked for; then all of the chain is deleted again, and what a DEL
 * that fails leaves is still remembered.
 */
export function attach(
  uid: string,
  attachment: AttachmentDescription,
  place: AttachmentPlace & { readonly session: NetnsSession },
): void {
  const { session } = place;
  const key = { uid, netns: attachment.netns, dev: attachment.dev };
  detach(key, place);
  const folders = pluginFolders();
  const target = chainTarget(attachment, uid, folders);
  const cookie = netnsCookie(session.socket);
  const begun = { version: 1, bootId: bootId(), cookie, folders, attachment } as const;
  const sysctls = readTunedSysctls(attachment.config, session, tunedBeside(key));
  const record: AttachmentRecord = { ...begun, result: null, partial: null, tables: tablesBefore(place), sysctls };
  noteLocalnet(attachment.config, place);
  noteFootprint(attachment, place);
  writeAttachmentRecord(key, record);
  const { result, problem } = addChain(target, (partial) => writeAttachmentRecord(key, { ...record, partial }));
  const whole = result === null ? null : keepDefaults(attachment, result, session);
  const failed = problem ?? (whole === null ? 'its plugins gave no result' : resultProblem(target, whole));
  if (failed !== null || whole === null) {
    const problems = clear(target, result, place);
    if (problems.length > 0) writeAttachmentRecord(key, { ...record, partial: result });
    else forgetAttachment(key, record, { result, place });
    throw attachmentError([failed ?? '', ...problems].join('; '));
  }
  writeCache(target, whole);
  writeAttachmentRecord(key, { ...record, result: whole, tables: null });
}

/** Deletes an attachment as it was made. Throws when a plugin fails: then it is still remembered. One that is not there is no error. */
export function detach(key: AttachmentKey, place: AttachmentPlace): void {
  const found = readAttachmentRecord(key);
  if (found === null) {
    sweepNotes(key, place);
    return;
  }
  const { attachment, folders } = found;
  const result = found.result ?? found.partial;
  const target = chainTarget(attachment, key.uid, [...new Set([...pluginFolders(), ...folders])]);
  // After a reboot nothing of before is there, and DEL itself makes tables.
  noteLocalnet(attachment.config, place);
  noteFootprint(attachment, place);
  // A plugin that has done its DEL is not there any more, whatever the others still do.
  const tables = found.tables?.bootId === bootId() ? found.tables : tablesBefore(place);
  const record = { ...found, result: null, partial: result, tables };
  writeAttachmentRecord(key, record);
  const problems = clear(target, result, place);
  if (problems.length > 0) throw attachmentError(problems.join('; '));
  forgetAttachment(key, record, { result, place });
}

/** What the other attachments of a namespace have found there before theirs. */
const tunedBeside = ({ uid, netns, dev }: AttachmentKey): readonly TunedSysctls[] =>
  listAttachmentRecords()
    .map(({ uid: owner, record }) => ({ owner, ...record }))
    .filter(
      ({ owner, bootId: boot, attachment }) =>
        owner === uid && boot === bootId() && attachment.netns === netns && attachment.dev !== dev,
    )
    .map(({ sysctls }) => sysctls);

/** A run that was killed before it wrote the attachment down has left notes of what was there, and called no plugin. */
function sweepNotes(key: AttachmentKey, place: PluginHost): void {
  removeAttachmentRecord(key);
  sweepLocalnet(place);
  forgetFootprint();
}

const tablesBefore = ({ host }: PluginHost) => ({ bootId: bootId(), names: readIptablesTables(host) });

/**
 * Forgets an attachment that is deleted, and takes away what its plugins leave after the last one; the tables without a rule
 * that they have made since they were called (portmap: of both families, for its DEL) at once.
 */
function forgetAttachment(
  key: AttachmentKey,
  { attachment, tables, sysctls, cookie }: AttachmentRecord,
  { result, place }: { readonly result: CniResult | null; readonly place: AttachmentPlace },
): void {
  const { session } = place;
  if (session !== null && netnsCookie(session.socket) === cookie)
    restoreTunedSysctls(attachment.config, sysctls, { session, kept: tunedBeside(key) });
  if (tables !== null) removeEmptyTables(place.host, place.nft, tables.names);
  removeAttachmentRecord(key);
  sweepLocalnet(place);
  sweepFootprint(attachment, result, place);
}

/** DEL of all plugins, after the end of those that a killed run has left at work, and what they leave of this attachment. */
function clear(target: ChainTarget, result: CniResult | null, { host, nft }: PluginHost): readonly string[] {
  const { attachment, containerId, folders } = target;
  endStrayPlugins(containerId, folders);
  const problems = deleteChain(target, result);
  for (const folder of addressFolders(attachment.config)) freeHostLocal(folder, containerId, attachment.dev);
  if (!isAttachedTwice(target)) removeContainerChains(host, nft, chainsOf(attachment.network, containerId));
  removeCache(target);
  return problems;
}

/** Whether the container has another interface on the network: they have their chains in common. */
const isAttachedTwice = ({ attachment: { network, dev }, containerId }: ChainTarget): boolean =>
  listAttachmentRecords().some(
    ({ uid, record: { attachment: other } }) =>
      other.network === network && other.dev !== dev && containerIdOf(uid, other.netns) === containerId,
  );

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
