import type { LinkKind } from '../../../model/link-kind.ts';
import { defineLinkKind } from '../define-link-kind.ts';
import { type WireguardOptions, wireguardFields } from './options.ts';
import { wireguardResource } from './resource.ts';

/** Bytes of the headers: those of IPv6, UDP and of a data packet (its type, counter and authentication tag). */
const HEADERS = 40 + 8 + 32;

const kind: LinkKind<WireguardOptions> = {
  name: 'wireguard',
  phrase: 'a WireGuard link',
  section: 'interfaces',
  explain:
    'Makes the interface one end of encrypted tunnels: what is sent to an address of one of its `peers` goes to that peer, in UDP.',
  fields: wireguardFields,
  lower: null,
  segment: { by: 'ends', field: 'peers', same: [] },
  overhead: () => HEADERS,
  caption: () => 'wg',
  withoutMac: true,
  immutable: ['program'],
  unlike: null,
  // A link of the kernel says nothing of itself but its kind; keys and peers are read by generic netlink.
  netlink: { encode: () => [], decode: () => ({ options: { program: null } }) },
  newFlags: () => [],
  shell: () => [],
  describe: ({ action, options: { program }, mtu, up }) => [
    program === null ? '' : `by ${program}`,
    action === 'create' ? `mtu ${mtu}` : '',
    up ? '' : 'down',
  ],
  checks: [],
  docs: {
    title: 'WireGuard',
    text: 'At an interface: it is one end of encrypted tunnels (wireguard.com). Give it the address that it has inside. A peer of the lab is named by `to: "namespace:interface"`, and both ends name each other; one outside the lab by its `publicKey`. Keys are never written in the topology, shown, or in the arguments of a program. Where the kernel has no WireGuard, the program wireguard-go makes the link (package `wireguard-go`), and the plan says so. Its MTU is 1420, or that of the link below less 80, as `wg-quick` does it.',
    short: [{ listenPort: 51820, peers: [{ to: 'b:wg0' }] }],
    example: `
version: 1
name: wireguard
bridges: { underlay: 192.168.50.0/24 }
namespaces:
  a:
    interfaces:
      eth0: { bridge: underlay }
      wg0: { wireguard: { listenPort: 51820, peers: [{ to: "b:wg0" }] }, address: 10.9.0.1/24 }
  b:
    interfaces:
      eth0: { bridge: underlay }
      wg0: { wireguard: { listenPort: 51820, peers: [{ to: "a:wg0" }] }, address: 10.9.0.2/24 }`,
  },
};

/** One end of encrypted tunnels, which the kernel makes, or wireguard-go. Its keys and peers are of the feature of that name. */
export const wireguard = defineLinkKind<WireguardOptions>(kind, wireguardResource(kind as unknown as LinkKind));
