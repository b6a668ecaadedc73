import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import { sameSysctlValue } from '../../net/sysctl-value.ts';

/** What the file writes about IPv6 of a link: the sysctl that decides, and whether IPv6 is on with it. */
export type Ipv6Switch = { readonly on: boolean; readonly key: string; readonly at: Path };

/**
 * Finds the `disable_ipv6` of the file that decides about a link; null: none of the file. A new link takes the value of
 * `default`, which `all` sets too; `lo` is there before and takes that of `all`.
 */
export function ipv6Switches(lab: Lab): (link: { readonly netns: string; readonly name: string }) => Ipv6Switch | null {
  const written = new Map(
    [
      ...lab.namespaces.flatMap(({ name, writtenSysctls = [] }) =>
        writtenSysctls.map((one) => ({ ...one, netns: name })),
      ),
      ...lab.sysctls.filter(({ reason }) => reason === null),
    ]
      .filter(({ key }) => key.endsWith('/disable_ipv6'))
      .map(
        ({ netns, key, value, at }) => [`${netns} ${key}`, { on: sameSysctlValue(key, value, '0'), key, at }] as const,
      ),
  );
  return ({ netns, name }) => {
    const find = (dev: string) => written.get(`${netns} net/ipv6/conf/${dev}/disable_ipv6`) ?? null;
    return find(name) ?? (name === 'lo' ? null : find('default')) ?? find('all');
  };
}
