import { resolve } from 'node:path';
import type { FilePlaces } from '../../model/files/file-places.ts';
import type { LiveState, Query } from '../../model/kernel/need.ts';
import { sha256 } from '../../model/values/hash.ts';
import { clampWireguardKey, wireguardKeyBytes } from '../../net/keys/wireguard-key.ts';
import type { KeySource, LabKeySource } from './topology.ts';

/** The path of a key's file; null: there is no folder of credentials. */
export function keyPath(source: KeySource, { folder, credentials }: FilePlaces): string | null {
  if ('file' in source) return resolve(folder, source.file);
  return credentials === null ? null : resolve(credentials, source.credential);
}

/** What has to be read to have a key. */
export const keyQuery = (path: string | null): Query => (path === null ? [] : [{ need: 'stored-file', key: path }]);

/** The key that a file holds, or what is wrong with it, and what to do. */
export type KeyReading = { readonly key: string } | { readonly problem: string; readonly hint: string };

/** Reads the key of a file that `keyQuery` has asked for. */
export function readKey({ written, path }: Pick<LabKeySource, 'written' | 'path'>, live: LiveState): KeyReading {
  if (path === null)
    return {
      problem: `there is no credential ${'credential' in written ? written.credential : ''}: $CREDENTIALS_DIRECTORY is not set`,
      hint: 'run netform in a unit with LoadCredential= (systemd.exec(5)), or name a file',
    };
  const found = live.get({ need: 'stored-file', key: path });
  if (found === null)
    return { problem: `there is no key in ${path}`, hint: `make one: (umask 077; wg genkey >${path})` };
  if ((found.mode & 0o077) !== 0)
    return {
      problem: `others than its owner can read the key in ${path} (mode ${found.mode.toString(8)})`,
      hint: `chmod 600 ${path}; if it has been so for long, make another key`,
    };
  const key = found.bytes.trim();
  if (wireguardKeyBytes(key) === null)
    return {
      problem: `${path} does not hold a key of WireGuard`,
      hint: 'it has the 44 characters that "wg genkey" prints, and nothing else',
    };
  return { key };
}

/** The bytes that stand for a private key in the store: as the kernel keeps it. */
export const privateKeyContent = (key: string): string => `${clampWireguardKey(key)}\n`;

/** The bytes that stand for a preshared key in the store. */
export const sharedKeyContent = (key: string): string => `${key}\n`;

/** Stands for a key that is not known: what it is for is not carried out. */
export const unknownKey = (of: string): string => sha256(`no key of ${of}`, 'base64');
