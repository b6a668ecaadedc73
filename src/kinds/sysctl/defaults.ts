import type { LiveState, Query } from '../../model/kernel/need.ts';
import { hostLinkSysctls } from '../links/link-attributes.ts';
import type { SysctlSpec } from './spec.ts';

/** The needs for the default value of a device's setting. */
export function defaultSysctlQuery({ netns, key }: SysctlSpec): Query {
  const source = sourceOf(netns, key);
  if (source === null) return [];
  if (source === key) return [{ need: 'default-sysctl', netns, key, sysctls: {} }];
  return [{ need: 'sysctl-value', netns, key: source }];
}

/** A setting of a new device of that name; null: it names no device, or nothing is known. */
export function defaultSysctlValue(live: LiveState, { netns, key }: SysctlSpec): string | null {
  const source = sourceOf(netns, key);
  if (source === null) return null;
  if (source === key) return live.get({ need: 'default-sysctl', netns, key });
  const [, , , dev = ''] = key.split('/');
  const own = netns === 'host' ? hostLinkSysctls(dev)[key] : undefined;
  return own ?? live.get({ need: 'sysctl-value', netns, key: source });
}

/** A device takes its settings from `default` when it is made; `lo` is there before anything can be set. */
function sourceOf(netns: string, key: string): string | null {
  const [, folder, dev, leaf] = /^(net\/ipv[46]\/(?:conf|neigh))\/([^/]+)\/([^/]+)$/.exec(key) ?? [];
  if (folder === undefined || dev === 'all' || dev === 'default') return null;
  if (leaf === 'forwarding') return `${folder}/all/forwarding`;
  return dev === 'lo' && netns !== 'host' ? key : `${folder}/default/${leaf}`;
}
