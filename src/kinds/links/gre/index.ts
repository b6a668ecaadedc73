import { defineIpTunnel } from '../ip-tunnel.ts';
import { GRE_NUMBERS } from '../ip-tunnel-codec.ts';

/** A tunnel of IPv4 that carries packets, told from others by a key. */
export const gre = defineIpTunnel({
  name: 'gre',
  phrase: 'a gre tunnel',
  explain:
    'Makes the interface one end of a tunnel: the packets that it is given, it sends to `remote` in packets of IPv4 (GRE, RFC 2784).',
  family: 4,
  carries: 'packets',
  hasKey: true,
  headers: 24,
  numbers: {
    ...GRE_NUMBERS,
    usual: { number: 10, name: 'pmtudisc', value: 1 }, // IFLA_GRE_PMTUDISC
    ignored: [15, 22], // IFLA_GRE_ENCAP_FLAGS and ERSPAN_VER, which say nothing alone
    // IFLA_GRE_TOS, ENCAP_TYPE, COLLECT_METADATA, FWMARK, ERSPAN_INDEX
    others: [
      [9, 'tos'],
      [14, 'encap'],
      [18, 'external'],
      [20, 'fwmark'],
      [21, 'erspan'],
    ],
  },
  docs: {
    title: 'GRE',
    text: 'At an interface: it is one end of a tunnel of IPv4 that carries packets of IPv4 and IPv6 (RFC 2784). It has no MAC, and cannot be a port of a bridge; `gretap` can. Without `remote` it takes packets from any end of that `key`.',
    short: [{ remote: 'node2' }, { remote: 'node2', key: 7 }],
    example: `
version: 1
name: gre
bridges:
  underlay: 192.168.50.0/24
namespaces:
  node1:
    interfaces:
      eth0: { bridge: underlay }
      gre-b: { gre: { remote: node2, key: 7 }, address: 10.42.0.1/24 }
  node2:
    interfaces:
      eth0: { bridge: underlay }
      gre-b: { gre: { remote: node1, key: 7 }, address: 10.42.0.2/24 }`,
  },
});
