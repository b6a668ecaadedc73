import { defineLinkKind } from '../define-link-kind.ts';
import { isTunType, tunCodec } from './netlink.ts';
import { type TunOptions, tunFields } from './options.ts';

/** A link whose packets a program takes and gives. It is there without the program. */
export const tun = defineLinkKind<TunOptions>({
  name: 'tun',
  phrase: 'a tun',
  section: 'interfaces',
  explain:
    'Makes the interface a link to a program, such as a VPN: it attaches by the name of the link, reads the IP packets that are sent through it, and writes what arrives. The link is there without the program.',
  fields: tunFields,
  lower: null,
  segment: null,
  overhead: () => 0,
  caption: () => 'tun',
  withoutMac: true,
  immutable: ['user', 'group'],
  unlike: { user: '', group: '' },
  create: 'ioctl',
  kernelKind: { name: 'tun', isOne: isTunType(1) },
  netlink: tunCodec,
  shell: tunWords,
  describe: ({ action, options, mtu, up }) => [
    ...tunOwners(options),
    action === 'create' ? `mtu ${mtu}` : '',
    up ? '' : 'down',
  ],
  checks: [],
  // TUN_READQ_SIZE of linux/if_tun.h.
  queueLength: 500,
  newFlags: () => ['multicast'],
  docs: {
    title: 'Tun',
    text: 'At an interface: a link to a program, for IP packets. It is persistent, so that its addresses and routes are there before the program, and when it ended; without it they lead nowhere (`NO-CARRIER`). The program opens `/dev/net/tun` inside the namespace, with the name of the link and without packet information (`IFF_NO_PI`). With `user` or `group`, it needs no rights of root. Another user or group replaces the link, and the program has to attach again.',
    short: [{}, { user: 'daemon' }],
    example: `
version: 1
name: vpn
namespaces:
  gate:
    interfaces:
      tun0: { tun: { user: daemon }, address: { address: 10.8.0.1, peer: 10.8.0.2 } }`,
  },
});

/** The words of `ip tuntap add`. */
export function tunWords({ user = null, group = null }: Partial<TunOptions>): readonly string[] {
  return [...(user === null ? [] : ['user', user]), ...(group === null ? [] : ['group', group])];
}

/** What a plan says of those who may attach. */
export function tunOwners({ user, group }: TunOptions): readonly string[] {
  return [user === null ? '' : `for user ${user}`, group === null ? '' : `for group ${group}`];
}
