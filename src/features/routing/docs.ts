import type { LanguageSection } from '../../kinds/language-section.ts';

/** The sections of docs/language.md about `routing`. */
export const routingDocs: readonly LanguageSection[] = [
  {
    title: 'Routing daemons',
    path: ['definitions', 'namespace', 'properties', 'routing'],
    text: "In a namespace. Routes that it learns are in no record: `show` and `plan` pass over them. Another configuration is taken over without a new start, and sessions that stay as they are go on. `netform wait` ends when all sessions are established. `engine: frr` runs zebra, bgpd, ospfd and ospf6d of Debian's package frr, each a process (`netform logs r1/bgpd`); its service may be masked.",
    example: `
version: 1
name: routing
bridges: { wire: [10.0.12.0/24, "fd00:12::/64"] }
namespaces:
  r1:
    interfaces: { eth0: { bridge: wire }, lo: [10.255.0.1/32] }
    routing: { bgp: { asn: 65001, routerId: 1.1.1.1, peers: [r2], advertise: [10.255.0.1/32] } }
  r2:
    interfaces: { eth0: { bridge: wire } }
    routing: { bgp: { asn: 65002, routerId: 2.2.2.2, peers: [{ to: r1, accept: [10.255.0.0/16] }] } }`,
  },
  {
    title: 'Peers of BGP',
    path: ['definitions', 'bgpPeer'],
    text: 'An item of `peers`; a text alone is `to`. `interface` is for cables, and LANs with one other router that the lab makes.',
    example: null,
  },
];
