import { readdirSync, readFileSync } from 'node:fs';
import { isJsonObject, type Json } from '../../model/json.ts';
import { catchErrno } from '../errno.ts';
import { CACHE_FOLDER } from './cache.ts';
import { readResult } from './result.ts';

/** An interface that plugins made, as libcni has written it down for the program that called them. */
export type CachedAttachment = {
  /** The name below /run/netns. */
  readonly netns: string;
  readonly dev: string;
  readonly network: string;
  readonly containerId: string;
  /** Without lengths. */
  readonly addresses: readonly string[];
  /** Null: the result names no MAC. */
  readonly mac: string | null;
};

/** Where libcni writes results, and where it did with a cache folder of its own (`CacheDir` in libcni/api.go). */
const FOLDERS = [CACHE_FOLDER, '/var/lib/cni/cache/results'];

/** What libcni has written down of attachments of named namespaces, in the order of their names. What cannot be read is left out. */
export const listCachedAttachments = (): readonly CachedAttachment[] =>
  FOLDERS.flatMap((folder) =>
    (catchErrno(['ENOENT', 'ENOTDIR'], () => readdirSync(folder)) ?? [])
      .toSorted()
      .flatMap((name) => parseCache(readText(`${folder}/${name}`)) ?? []),
  );

const readText = (path: string): string =>
  catchErrno(['ENOENT', 'EISDIR', 'EACCES'], () => readFileSync(path, 'utf8')) ?? '';

/** An attachment of a file of libcni's cache; null: the text is none, or its namespace has no name. */
export function parseCache(text: string): CachedAttachment | null {
  const { kind, netns, ifName, networkName, containerId, result } = parseObject(text);
  const [, name] = /^(?:\/var)?\/run\/netns\/([^/]+)$/.exec(String(netns)) ?? [];
  const isKnown = kind === 'cniCacheV1' && typeof ifName === 'string' && typeof networkName === 'string';
  if (!isKnown || name === undefined || typeof containerId !== 'string' || !isJsonObject(result)) return null;
  const { addresses, interfaces } = readResult(result);
  const mac = interfaces.find((one) => one.name === ifName && one.sandbox !== '')?.mac.toLowerCase() ?? '';
  return {
    ...{ netns: name, dev: ifName, network: networkName, containerId },
    addresses: addresses.map((prefix) => prefix.split('/')[0] ?? prefix),
    mac: mac === '' ? null : mac,
  };
}

function parseObject(text: string): { readonly [key: string]: Json | undefined } {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
