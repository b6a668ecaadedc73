import type { NetnsLive, SysctlTree } from '../../model/kernel/live-state.ts';
import type { SysctlSpec } from './spec.ts';

/** What the switch of that key overwrites: `forwarding` of every device of its family. Null: it is no such switch. */
export function forwardingTree(netns: string, key: string): SysctlTree | null {
  const dir = SWITCHES[key];
  return dir === undefined ? null : { netns, dir, leaf: 'forwarding' };
}

/**
 * What else is overwritten, once: `inet_forward_change` in net/ipv4/devinet.c turns redirects off with forwarding on.
 */
export const forwardingSideEffects = (key: string): readonly string[] =>
  SWITCHES[key] === 'net/ipv4/conf' ? ['net/ipv4/conf/all/accept_redirects'] : [];

/** The switches that overwrite that key, so that it has to be written after them. */
export const overwritingSwitches = (key: string): readonly string[] =>
  key in SWITCHES
    ? []
    : Object.keys(SWITCHES).filter(
        (other) =>
          (key.startsWith(`${SWITCHES[other]}/`) && key.endsWith('/forwarding')) ||
          forwardingSideEffects(other).includes(key),
      );

/** The devices whose own setting is another than the switch's, and what is overwritten besides. */
export function forwardingExceptions(there: NetnsLive, key: string, value: string): SysctlSpec['devices'] {
  const tree = forwardingTree('', key);
  if (!tree) return {};
  const isDevice = (other: string) =>
    other !== key && other.startsWith(`${tree.dir}/`) && other.endsWith(`/${tree.leaf}`) && !other.includes('/all/');
  const found = [...there.sysctls].flatMap(([other, setting]): [string, string][] => {
    const kept = isDevice(other) ? setting !== value : forwardingSideEffects(key).includes(other);
    return setting !== null && kept ? [[other, setting]] : [];
  });
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const SWITCHES: { readonly [key: string]: SysctlTree['dir'] } = {
  'net/ipv4/ip_forward': 'net/ipv4/conf',
  'net/ipv4/conf/all/forwarding': 'net/ipv4/conf',
  'net/ipv6/conf/all/forwarding': 'net/ipv6/conf',
};
