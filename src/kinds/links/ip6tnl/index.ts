import { defineIpTunnel } from '../ip-tunnel.ts';
import { IPTUN_NUMBERS } from '../ip-tunnel-codec.ts';

/** A tunnel of IPv4, IPv6 or both in IPv6. */
export const ip6tnl = defineIpTunnel({
  name: 'ip6tnl',
  phrase: 'an ip6tnl tunnel',
  explain:
    'Makes the interface one end of a tunnel: the packets that it is given, it sends to `remote` in packets of IPv6 (RFC 2473).',
  family: 6,
  carries: 'packets',
  hasKey: false,
  headers: 48,
  numbers: {
    ...IPTUN_NUMBERS,
    usual: { number: 6, name: 'encaplimit', value: 4 }, // IFLA_IPTUN_ENCAP_LIMIT
    // IFLA_IPTUN_PROTO: any, IPPROTO_IPV6, IPPROTO_IPIP
    protocol: { number: 9, modes: { any: 0, ip6ip6: 41, ipip6: 4 } },
    flags: 8, // IFLA_IPTUN_FLAGS
    // IFLA_IPTUN_FLOWINFO, ENCAP_TYPE, COLLECT_METADATA, FWMARK
    ignored: [16], // IFLA_IPTUN_ENCAP_FLAGS, which say nothing alone
    others: [
      [7, 'flowinfo'],
      [15, 'encap'],
      [19, 'external'],
      [20, 'fwmark'],
    ],
  },
  docs: {
    title: 'IP in IPv6',
    text: 'At an interface: it is one end of a tunnel of IPv6 that carries packets of IPv4 and IPv6 (RFC 2473).',
    short: [{ remote: 'node2' }, { remote: 'node2', dev: 'eth0' }],
    example: `
version: 1
name: ip6tnl
bridges:
  underlay: "fd00:50::/64"
namespaces:
  node1:
    interfaces:
      eth0: { bridge: underlay }
      tun-b: { ip6tnl: { remote: node2 }, address: 10.42.0.1/24 }
  node2:
    interfaces:
      eth0: { bridge: underlay }
      tun-b: { ip6tnl: { remote: node1 }, address: 10.42.0.2/24 }`,
  },
});
