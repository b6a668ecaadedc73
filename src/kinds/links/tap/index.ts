import { defineLinkKind } from '../define-link-kind.ts';
import { tunOwners, tunWords } from '../tun/index.ts';
import { isTunType, tunCodec } from '../tun/netlink.ts';
import { type TunOptions, tunFields } from '../tun/options.ts';

/** A link whose frames a program takes and gives, such as a virtual machine. It is there without the program. */
export const tap = defineLinkKind<TunOptions>({
  name: 'tap',
  phrase: 'a tap',
  section: 'interfaces',
  explain:
    'Makes the interface a link to a program, such as a virtual machine: it attaches by the name of the link, reads the Ethernet frames that are sent through it, and writes what arrives. With `bridge` it is a port of that bridge, which has to be of the same namespace.',
  fields: tunFields,
  lower: null,
  segment: null,
  overhead: () => 0,
  caption: () => 'tap',
  immutable: ['user', 'group'],
  unlike: { user: '', group: '' },
  create: 'ioctl',
  kernelKind: { name: 'tun', isOne: isTunType(2) },
  netlink: tunCodec,
  shell: tunWords,
  describe: ({ action, options, master, mtu, up }) => [
    ...tunOwners(options),
    master === null ? '' : `port of ${master}`,
    action === 'create' ? `mtu ${mtu}` : '',
    up ? '' : 'down',
  ],
  checks: [],
  queueLength: 1000,
  docs: {
    title: 'Tap',
    text: 'At an interface: a link to a program, for Ethernet frames; what a virtual machine has for a NIC. Its `mac` is that of the namespace’s end, not the guest’s. As a port of a bridge it has no address, and what is on the bridge’s LAN reaches the program. It is persistent, and has a carrier while a program is attached. The program opens `/dev/net/tun` inside the namespace, with the name of the link and without packet information (`IFF_NO_PI`).',
    short: [{}, { user: 'libvirt-qemu' }],
    example: `
version: 1
name: guest
bridges:
  lan: 10.1.0.0/24
namespaces:
  client:
    interfaces: { eth0: { bridge: lan } }
host:
  interfaces:
    tap0: { bridge: lan, tap: { user: daemon } }`,
  },
});
