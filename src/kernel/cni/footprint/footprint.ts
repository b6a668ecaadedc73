import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isJsonObject } from '../../../model/json.ts';
import type { AttachmentDescription, CniResult } from '../../../model/lab-parts/attachment.ts';
import type { CniConfig } from '../../../model/lab-parts/lab-attachment.ts';
import { bootId } from '../../boot.ts';
import { catchErrno } from '../../errno.ts';
import { deleteLinkMessage } from '../../netlink/links/delete-link.ts';
import { exchangeMessages } from '../../netlink/socket.ts';
import type { NetnsSession } from '../../netns/sessions.ts';
import { removeDurableFile, writeDurableFile } from '../durable-file.ts';
import { addressFolders } from '../host-local.ts';
import { listAttachmentRecords, RECORD_FOLDER } from '../record.ts';
import { readResult } from '../result.ts';
import { readCniChains, removeCniChains } from './iptables-chains.ts';
import type { PluginHost } from './plugin-host.ts';

/** What the machine had before the first ADD of netform: what is there after the last DEL and is not in it, its plugins left. */
type Footprint = {
  readonly version: 1;
  readonly bootId: string;
  /** Tables and chains of nftables: `ip nat`, `ip nat/CNI-FORWARD`. */
  readonly tables: readonly string[];
  readonly chains: readonly string[];
  /** Folders that were there. */
  readonly folders: readonly string[];
  /** The links of the host before the first ADD for a network. */
  readonly networks: { readonly [network: string]: readonly string[] };
};

const FOOTPRINT = join(RECORD_FOLDER, 'before.json');
const CNI_FOLDER = '/var/lib/cni';

/**
 * Writes down what there is before the first attachment of all, and before the first one of a network. What was written down
 * under another boot is done again; folders outlive that.
 */
export function noteFootprint({ network, config }: AttachmentDescription, { host, nft }: PluginHost): void {
  const known = readFootprint();
  const isSameBoot = known !== null && known.bootId === bootId();
  const isKnown = known?.networks[network] !== undefined;
  if (isSameBoot && isKnown) return;
  host.forgetLinks();
  const links = host.dumpedLinks().map(({ name }) => name);
  // What is there of other networks of ours was perhaps made for them.
  const ours = new Set(
    listAttachmentRecords().flatMap(({ record }) => foldersOf(addressFolders(record.attachment.config))),
  );
  const others = foldersOf(addressFolders(config)).filter((folder) => !ours.has(folder) && existsSync(folder));
  const folders = isKnown ? [] : others;
  const networks = Object.fromEntries(
    Object.entries(known?.networks ?? {}).map(([name, before]) => [name, isSameBoot ? before : links]),
  );
  const footprint: Footprint = {
    ...(isSameBoot ? known : readCniChains(host, nft)),
    version: 1,
    bootId: bootId(),
    folders: [...new Set([...(known?.folders ?? []), ...folders])],
    networks: { ...networks, [network]: links },
  };
  writeDurableFile(FOOTPRINT, `${JSON.stringify(footprint)}\n`);
}

/**
 * Takes away what the plugins of a network have left, after its last attachment: its bridge when it has no ports, the folder
 * of its addresses; after the last attachment of all what is shared: the chains of iptables. What others use stays.
 */
export function sweepFootprint(
  { network, config }: AttachmentDescription,
  result: CniResult | null,
  { host, nft }: PluginHost,
): void {
  const before = readFootprint();
  const left = listAttachmentRecords();
  if (before === null || left.some(({ record }) => record.attachment.network === network)) return;
  if (before.bootId === bootId()) {
    const named = [...configuredBridges(config), ...reportedLinks(result)];
    removeBridges(host, named, before.networks[network] ?? []);
  }
  const created = foldersOf(addressFolders(config)).filter((folder) => !before.folders.includes(folder));
  for (const folder of created) removeAddressFolder(folder);
  const { [network]: _, ...networks } = before.networks;
  if (left.length > 0) {
    writeDurableFile(FOOTPRINT, `${JSON.stringify({ ...before, networks })}\n`);
    return;
  }
  if (before.bootId === bootId()) removeCniChains(host, nft, before);
  forgetFootprint();
}

/** Forgets what was there, when nothing is attached. */
export function forgetFootprint(): void {
  if (listAttachmentRecords().length > 0) return;
  removeDurableFile(FOOTPRINT);
  catchErrno(['ENOENT', 'ENOTEMPTY', 'EEXIST'], () => rmdirSync(RECORD_FOLDER));
}

/** What plugins have made since the first ADD: the bridges of the networks that are attached, and chains that containers share. */
export function readMade({ host, nft }: PluginHost): {
  readonly bridges: readonly string[];
  readonly chains: readonly string[];
} {
  const before = readFootprint();
  if (before === null || before.bootId !== bootId()) return { bridges: [], chains: [] };
  const bridges = listAttachmentRecords().flatMap(({ record: { attachment } }) =>
    configuredBridges(attachment.config).filter((name) => !before.networks[attachment.network]?.includes(name)),
  );
  const { chains } = readCniChains(host, nft);
  return { bridges: [...new Set(bridges)], chains: chains.filter((chain) => !before.chains.includes(chain)) };
}

/** The bridges that the configuration names. */
const configuredBridges = ({ plugins }: CniConfig): readonly string[] =>
  plugins.flatMap(({ type, bridge }) => (typeof bridge === 'string' ? [bridge] : type === 'bridge' ? ['cni0'] : []));

/** The links of the host that the plugins say are theirs. */
const reportedLinks = (result: CniResult | null): readonly string[] =>
  readResult(result ?? {}).interfaces.flatMap(({ name, sandbox }) => (sandbox === '' ? [name] : []));

/** Bridges that the plugins name, that are new, and that nothing is a port of. */
function removeBridges(host: NetnsSession, named: readonly string[], before: readonly string[]): void {
  host.forgetLinks();
  const links = host.dumpedLinks();
  const unused = links.filter(
    ({ name, kind, index, alias }) =>
      kind === 'bridge' &&
      named.includes(name) &&
      !before.includes(name) &&
      !alias?.startsWith('netform:') &&
      links.every(({ master }) => master !== index),
  );
  exchangeMessages(
    host.socket,
    unused.map(({ name }) => deleteLinkMessage(name)),
  );
  host.forgetLinks();
}

/** The folders of addresses, and those around them up to that of all of CNI, the innermost first. */
const foldersOf = (addresses: readonly string[]): readonly string[] => [
  ...new Set([
    ...addresses,
    ...addresses.map((folder) => dirname(folder)).filter((folder) => folder.startsWith(`${CNI_FOLDER}/`)),
    join(CNI_FOLDER, 'results'),
    CNI_FOLDER,
  ]),
];

/** A folder that holds no address any more: host-local leaves its lock and the last address of each range in it. */
function removeAddressFolder(folder: string): void {
  const names = catchErrno(['ENOENT', 'ENOTDIR'], () => readdirSync(folder)) ?? [];
  if (names.every((name) => /^(?:lock|last_reserved_ip\.\d+)$/.test(name)))
    for (const name of names) removeDurableFile(join(folder, name));
  catchErrno(['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'], () => rmdirSync(folder));
}

function readFootprint(): Footprint | null {
  const text = catchErrno(['ENOENT', 'ENOTDIR'], () => readFileSync(FOOTPRINT, 'utf8'));
  const read: unknown = text === null ? null : JSON.parse(text);
  return isJsonObject(read) && read['version'] === 1 ? (read as unknown as Footprint) : null;
}
