import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject } from '../../model/json.ts';
import type { NetworkAddressLive } from '../../model/lab-parts/attachment.ts';
import type { CniConfig } from '../../model/lab-parts/lab-attachment.ts';
import { catchErrno } from '../errno.ts';
import { removeDurableFile } from './durable-file.ts';

/** The folder of host-local for the addresses of all networks, unless its configuration says another. */
const DATA_FOLDER = '/var/lib/cni/networks';

/** The folders in which the host-local plugins of a network keep its addresses; none without such a plugin. */
export const addressFolders = ({ name, plugins }: CniConfig): readonly string[] =>
  plugins.flatMap(({ ipam }) => {
    if (!isJsonObject(ipam) || ipam['type'] !== 'host-local') return [];
    return [join(typeof ipam['dataDir'] === 'string' ? ipam['dataDir'] : DATA_FOLDER, name)];
  });

/** The addresses that host-local has given out in a folder: a file each, with the container's id and the interface as its lines. */
export const readHostLocal = (folder: string): readonly NetworkAddressLive[] =>
  addressNames(folder).flatMap((name) => {
    const text = catchErrno(['ENOENT', 'EISDIR'], () => readFileSync(join(folder, name), 'utf8'));
    const [containerId = '', dev = ''] = (text ?? '').split(/\r?\n/);
    return text === null
      ? []
      : [{ address: name.replaceAll('_', ':'), containerId: containerId.trim(), dev: dev.trim() }];
  });

/** Frees the addresses that host-local still has for an interface of a container. */
export function freeHostLocal(folder: string, containerId: string, dev: string): void {
  for (const name of addressNames(folder)) {
    const text = catchErrno(['ENOENT', 'EISDIR'], () => readFileSync(join(folder, name), 'utf8'));
    const [id, link] = (text ?? '').split(/\r?\n/).map((line) => line.trim());
    if (id === containerId && link === dev) removeDurableFile(join(folder, name));
  }
}

const addressNames = (folder: string): readonly string[] =>
  (catchErrno(['ENOENT', 'ENOTDIR'], () => readdirSync(folder)) ?? []).filter((name) =>
    /^[0-9a-f]*[.:][0-9a-f.:]+$/i.test(name),
  );
