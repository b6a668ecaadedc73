import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type Spec } from '../../../model/json.ts';
import type { CniConfig } from '../../../model/lab-parts/lab-attachment.ts';
import { bootId } from '../../boot.ts';
import { catchErrno } from '../../errno.ts';
import { readTableNames } from '../../netlink/netfilter/nf-tables.ts';
import { inNetns } from '../../netns/netns.ts';
import type { NetnsSession } from '../../netns/sessions.ts';
import { readSysctl, sysctlTreeKeys, writeSysctl } from '../../sysctl/sysctl.ts';
import { removeDurableFile, writeDurableFile } from '../durable-file.ts';
import { listAttachmentRecords, RECORD_FOLDER } from '../record.ts';
import type { PluginHost } from './plugin-host.ts';

/** Of before the first ADD of portmap: the links of the host that loopback addresses are routed by, and its tables of nftables. */
type Localnet = { readonly bootId: string; readonly links: readonly string[]; readonly tables: readonly string[] };

const LOCALNET = join(RECORD_FOLDER, 'localnet.json');

/**
 * Writes down which links of the host 127.0.0.0/8 is routed by, before portmap is called for the first time: ADD turns
 * `route_localnet` on at the link by which the host reaches the container, and DEL leaves it on (`enableLocalnetRouting` in
 * plugins/meta/portmap/utils.go).
 */
export function noteLocalnet(config: CniConfig, { host }: PluginHost): void {
  if (!hasPortmap(config) || readLocalnet() !== null) return;
  const note: Localnet = { bootId: bootId(), links: readLocalnetLinks(host), tables: readTableNames(host.fd) };
  writeDurableFile(LOCALNET, `${JSON.stringify(note)}\n`);
}

/** Turns it off again where it was off, after the last DEL of portmap, unless a table that is newer sends what is meant for it elsewhere. */
export function sweepLocalnet(place: PluginHost): void {
  if (listAttachmentRecords().some(({ record }) => hasPortmap(record.attachment.config))) return;
  const found = readLocalnetByPlugins(place);
  if (found.length > 0 && findTranslator(place, readLocalnet()?.tables ?? []) === null)
    inNetns(place.host.fd, () => {
      for (const key of found) writeSysctl(key, '0');
    });
  removeDurableFile(LOCALNET);
}

/** What portmap has turned on: `net/ipv4/conf/eth0/route_localnet`. */
export function readLocalnetByPlugins({ host }: PluginHost): readonly string[] {
  const before = readLocalnet();
  return before === null ? [] : readLocalnetLinks(host).filter((key) => !before.links.includes(key));
}

/** The links that are routed so, and the table that translates what the host itself sends, if there is one. */
export function readLocalnetUses(place: PluginHost): readonly { readonly key: string; readonly because: string }[] {
  const table = findTranslator(place, []);
  const keys = table === null ? [] : readLocalnetLinks(place.host);
  return keys.map((key) => ({ key, because: `the table ${table} translates what the machine sends` }));
}

/** A table, none of `before`, that translates what the host itself sends; null: there is none. */
function findTranslator({ host, nft }: PluginHost, before: readonly string[]): string | null {
  const newer = readTableNames(host.fd).filter((table) => /^(?:ip|inet) /.test(table) && !before.includes(table));
  return newer.find((table) => translatesOutput(nft.query(host, `list table ${table}`))) ?? null;
}

/** Whether a rule of a table, other than those of CNI plugins, translates what comes from its own host. */
function translatesOutput(objects: readonly Spec[]): boolean {
  const named = (what: string): readonly Spec[] =>
    objects.flatMap((one) => (isJsonObject(one[what]) ? [one[what]] : []));
  const chains = named('chain').flatMap(({ name, type, hook }) =>
    // nft(8): the chains that translate what this host sends.
    type === 'nat' && hook === 'output' ? [name] : [],
  );
  return named('rule').some(
    ({ chain, expr }) => chains.includes(chain ?? null) && !/"target":"CNI-/.test(JSON.stringify(expr ?? null)),
  );
}

const readLocalnetLinks = (host: NetnsSession): readonly string[] =>
  inNetns(host.fd, () =>
    sysctlTreeKeys('net/ipv4/conf', 'route_localnet').filter((key) => !OF_NO_LINK.test(key) && readSysctl(key) === '1'),
  );

const OF_NO_LINK = /^net\/ipv4\/conf\/(?:all|default)\//;

const hasPortmap = ({ plugins }: CniConfig): boolean => plugins.some(({ type }) => type === 'portmap');

function readLocalnet(): Localnet | null {
  const text = catchErrno(['ENOENT', 'ENOTDIR'], () => readFileSync(LOCALNET, 'utf8'));
  const read: unknown = text === null ? null : JSON.parse(text);
  return isJsonObject(read) && read['bootId'] === bootId() ? (read as unknown as Localnet) : null;
}
