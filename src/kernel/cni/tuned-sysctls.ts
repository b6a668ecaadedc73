import { isJsonObject } from '../../model/json.ts';
import type { CniConfig } from '../../model/lab-parts/lab-attachment.ts';
import { sameSysctlValue } from '../../net/sysctl-value.ts';
import { inNetns } from '../netns/netns.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { readSysctl, writeSysctl } from '../sysctl/sysctl.ts';

/** Settings of a container by path below /proc/sys: `net/core/somaxconn`. */
export type TunedSysctls = { readonly [key: string]: string };

/**
 * The settings of a container that the plugin tuning is going to change, as they are: its DEL gives none of them back
 * (`cmdDel` in plugins/meta/tuning/tuning.go). What another attachment of the container has found before it is `known`.
 */
export function readTunedSysctls(
  config: CniConfig,
  session: NetnsSession,
  known: readonly TunedSysctls[],
): TunedSysctls {
  const keys = Object.keys(tunedSysctls(config));
  if (keys.length === 0) return {};
  const found = inNetns(session.fd, () => keys.map((key) => [key, readSysctl(key)] as const));
  const values = found.map(
    ([key, value]) => [key, known.find((one) => one[key] !== undefined)?.[key] ?? value] as const,
  );
  return Object.fromEntries(values.flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
}

/** Gives settings back that still are as tuning set them. `kept` are those of other attachments of the container. */
export function restoreTunedSysctls(
  config: CniConfig,
  before: TunedSysctls,
  { session, kept }: { readonly session: NetnsSession; readonly kept: readonly TunedSysctls[] },
): void {
  const tuned = tunedSysctls(config);
  const own = Object.entries(before).filter(([key]) => kept.every((one) => one[key] === undefined));
  if (own.length === 0) return;
  inNetns(session.fd, () => {
    for (const [key, value] of own) {
      const now = readSysctl(key);
      const isTuned = now !== null && sameSysctlValue(key, now, tuned[key] ?? value);
      if (isTuned && now !== value) writeSysctl(key, value);
    }
  });
}

/** What tuning sets in a container, but for its interface, which goes with its settings. */
const tunedSysctls = ({ plugins }: CniConfig): TunedSysctls =>
  Object.fromEntries(
    plugins
      .flatMap(({ type, sysctl }) => (type === 'tuning' && isJsonObject(sysctl) ? Object.entries(sysctl) : []))
      .flatMap(([name, value]) => (name.includes('IFNAME') ? [] : [[sysctlPath(name), String(value)]])),
  );

/** As sysctl(8) reads a name: with dots or with slashes, and the other one inside a word. */
const sysctlPath = (name: string): string =>
  /^[^./]*\//.test(name) ? name : name.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.'));
