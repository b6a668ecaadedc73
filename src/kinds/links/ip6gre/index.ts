import { defineIpTunnel } from '../ip-tunnel.ts';
import { GRE_NUMBERS } from '../ip-tunnel-codec.ts';

/** A tunnel of IPv6 that carries packets, told from others by a key. */
export const ip6gre = defineIpTunnel({
  name: 'ip6gre',
  phrase: 'an ip6gre tunnel',
  explain:
    'Makes the interface one end of a tunnel: the packets that it is given, it sends to `remote` in packets of IPv6 (GRE).',
  family: 6,
  carries: 'packets',
  hasKey: true,
  headers: 52,
  numbers: {
    ...GRE_NUMBERS,
    usual: { number: 11, name: 'encaplimit', value: 4 }, // IFLA_GRE_ENCAP_LIMIT
    flags: 13, // IFLA_GRE_FLAGS
    ignored: [15, 22], // IFLA_GRE_ENCAP_FLAGS and ERSPAN_VER, which say nothing alone
    // IFLA_GRE_FLOWINFO, ENCAP_TYPE, COLLECT_METADATA, FWMARK, ERSPAN_INDEX
    others: [
      [12, 'flowinfo'],
      [14, 'encap'],
      [18, 'external'],
      [20, 'fwmark'],
      [21, 'erspan'],
    ],
  },
  docs: {
    title: 'GRE over IPv6',
    text: 'At an interface: as `gre`, over a network of IPv6.',
    short: [{ remote: 'node2' }, { remote: 'node2', key: 7 }],
    example: `
version: 1
name: ip6gre
bridges:
  underlay: "fd00:50::/64"
namespaces:
  node1:
    interfaces:
      eth0: { bridge: underlay }
      gre-b: { ip6gre: { remote: node2, key: 7 }, address: 10.42.0.1/24 }
  node2:
    interfaces:
      eth0: { bridge: underlay }
      gre-b: { ip6gre: { remote: node1, key: 7 }, address: 10.42.0.2/24 }`,
  },
});
