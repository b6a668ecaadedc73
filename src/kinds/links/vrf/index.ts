import { defineLinkKind } from '../define-link-kind.ts';
import { vrfCodec } from './netlink.ts';
import { type VrfOptions, vrfFields } from './options.ts';

/** A routing table of its own for some interfaces of a namespace. */
export const vrf = defineLinkKind<VrfOptions>({
  name: 'vrf',
  phrase: 'a vrf',
  section: 'interfaces',
  explain:
    'Makes the interface a VRF: what its `ports` receive is routed by `table` alone, and their own routes are in that table.',
  fields: vrfFields,
  lower: null,
  segment: null,
  takes: 'packets',
  // IP6_MAX_MTU of the kernel's net/ipv6.h (drivers/net/vrf.c).
  mtu: 65575,
  overhead: () => 0,
  caption: ({ table }) => `vrf ${table}`,
  newFlags: () => [],
  immutable: ['table'],
  unique: ['table'],
  unlike: { table: 0 },
  netlink: vrfCodec,
  shell: ({ table }) => (table === undefined ? [] : ['table', table]),
  describe: ({ options: { table }, up }) => [`table ${table}`, up ? '' : 'down'],
  checks: [],
  docs: {
    title: 'VRF',
    text: 'At an interface: it gives its `ports` a routing table of their own. They keep their addresses, and their LANs; the routes of these, and the default route of a LAN with a gateway, are in `table`. A route is put there with `table`, and reaches its next hop by a port of the VRF. Programs use the VRF when they are bound to it (`ip vrf exec`, `ping -I`); the rule that leads there (`l3mdev`, priority 1000) is made by the kernel.',
    short: [{ table: 100, ports: ['eth1', 'eth2'] }],
    example: `
version: 1
name: customers
bridges:
  red-lan: 10.1.0.0/24
  blue-lan: 10.1.0.0/24
host: { forwarding: false }
namespaces:
  router:
    forwarding: true
    interfaces:
      vrf-red: { vrf: { table: 10, ports: [eth0] } }
      vrf-blue: { vrf: { table: 20, ports: [eth1] } }
      eth0: { bridge: red-lan, address: 10.1.0.1 }
      eth1: { bridge: blue-lan, address: 10.1.0.1 }
  red: { interfaces: { eth0: { bridge: red-lan } } }
  blue: { interfaces: { eth0: { bridge: blue-lan } } }`,
  },
});
