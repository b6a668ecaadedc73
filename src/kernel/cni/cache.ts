import type { CniResult } from '../../model/lab-parts/attachment.ts';
import type { ChainTarget } from './chain.ts';
import { removeDurableFile, writeDurableFile } from './durable-file.ts';

/** The folder in which libcni, and so Podman, containerd and others, keep the results of ADD. */
export const CACHE_FOLDER = '/var/lib/cni/results';

/** The file of libcni for an attachment (`cacheAdd` in libcni/api.go). */
export const cachePath = ({
  attachment: { network, dev },
  containerId,
}: Pick<ChainTarget, 'attachment' | 'containerId'>): string => `${CACHE_FOLDER}/${network}-${containerId}-${dev}`;

/** Writes an attachment down as libcni does, so that other tools see it. */
export function writeCache(target: ChainTarget, result: CniResult): void {
  const { attachment, containerId, path } = target;
  const { config, dev, network, args, capabilities } = attachment;
  const cached = {
    kind: 'cniCacheV1',
    containerId,
    config: Buffer.from(JSON.stringify(config)).toString('base64'),
    ifName: dev,
    networkName: network,
    netns: path,
    cniArgs: [['IgnoreUnknown', '1'], ...args],
    ...(Object.keys(capabilities).length === 0 ? {} : { capabilityArgs: capabilities }),
    result,
  };
  writeDurableFile(cachePath(target), JSON.stringify(cached));
}

/** Removes what libcni would remember of an attachment. */
export const removeCache = (target: ChainTarget): void => removeDurableFile(cachePath(target));
