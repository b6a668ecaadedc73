import { type FakeNetns, netnsOf, refuse, type World } from './world.ts';

const DEFAULTS: { readonly [leaf: string]: string } = {
  accept_ra: '1',
  accept_dad: '1',
  accept_redirects: '1',
  send_redirects: '1',
  ip_default_ttl: '64',
};

/** The value of a key; null when there is none of that name (the device it names is not there). */
export function sysctlOf(netns: FakeNetns, key: string): string | null {
  const name = ALIASES[key] ?? key;
  if (!exists(netns, name)) return null;
  return netns.sysctls.get(name) ?? DEFAULTS[name.split('/').at(-1) ?? ''] ?? '0';
}

/** Writes a key, with what the kernel does to others when a forwarding switch is thrown. */
export function setSysctl(world: World, wanted: { netns: string; key: string; value: string }): void {
  const netns = netnsOf(world, wanted.netns);
  const key = ALIASES[wanted.key] ?? wanted.key;
  if (!exists(netns, key)) throw refuse('ENOENT', `no sysctl ${key} in ${netns.name}`);
  if (sysctlOf(netns, key) === wanted.value) return;
  netns.sysctls.set(key, wanted.value);
  const family = /^net\/(ipv[46])\/conf\/all\/forwarding$/.exec(key)?.[1];
  if (!family) return;
  for (const dev of ['default', ...netns.links.keys()]) {
    netns.sysctls.set(`net/${family}/conf/${dev}/forwarding`, wanted.value);
  }
  // inet_forward_change: redirects are accepted by hosts, not by routers.
  if (family === 'ipv4') {
    const accept = wanted.value === '0' ? '1' : '0';
    for (const dev of ['all', 'default']) netns.sysctls.set(`net/ipv4/conf/${dev}/accept_redirects`, accept);
  }
}

/**
 * What is not as after booting, in order. Whether a link of a lab accepts redirects depends on what the host had when it
 * was made, and no lab sets it: it is left out.
 */
export const changedSysctls = (netns: FakeNetns): readonly string[] =>
  [...netns.sysctls]
    .filter(([key]) => !key.endsWith('/accept_redirects') || isOfTheMachine(netns, key.split('/')[3] ?? ''))
    .filter(([key, value]) => value !== (DEFAULTS[key.split('/').at(-1) ?? ''] ?? '0'))
    .map(([key, value]) => `${key} = ${value}`)
    .sort();

const isOfTheMachine = (netns: FakeNetns, dev: string): boolean =>
  netns.name === 'host' && (netns.links.get(dev)?.group ?? 0) === 0;

/** Every device's key of a tree, with its value. */
export function treeOf(netns: FakeNetns, dir: string, leaf: string): readonly (readonly [string, string | null])[] {
  return ['all', 'default', ...netns.links.keys()].map((dev) => {
    const key = `${dir}/${dev}/${leaf}`;
    return [key, sysctlOf(netns, key)];
  });
}

const ALIASES: { readonly [key: string]: string } = { 'net/ipv4/ip_forward': 'net/ipv4/conf/all/forwarding' };

function exists(netns: FakeNetns, key: string): boolean {
  if (!key.startsWith('net/')) return false;
  const dev = /^net\/ipv[46]\/(?:conf|neigh)\/([^/]+)\/[^/]+$/.exec(key)?.[1];
  return dev === undefined || dev === 'all' || dev === 'default' || netns.links.has(dev);
}
