import { defineIpTunnel } from '../ip-tunnel.ts';
import { IPTUN_NUMBERS } from '../ip-tunnel-codec.ts';

/** A tunnel of IPv6 in IPv4. */
export const sit = defineIpTunnel({
  name: 'sit',
  phrase: 'a sit tunnel',
  explain:
    'Makes the interface one end of a tunnel: the packets of IPv6 that it is given, it sends to `remote` in packets of IPv4 (RFC 4213).',
  family: 4,
  carries: 'packets',
  hasKey: false,
  headers: 20,
  numbers: {
    ...IPTUN_NUMBERS,
    usual: { number: 10, name: 'pmtudisc', value: 1 }, // IFLA_IPTUN_PMTUDISC
    protocol: { number: 9, modes: { any: 0, ip6ip: 41, ipip: 4 } }, // IFLA_IPTUN_PROTO
    // IFLA_IPTUN_TOS, FLAGS, 6RD_RELAY_PREFIX, 6RD_PREFIXLEN, ENCAP_TYPE, COLLECT_METADATA, FWMARK
    others: [
      [5, 'tos'],
      [8, 'isatap'],
      [12, '6rd-relay'],
      [13, '6rd-prefix', 16],
      [15, 'encap'],
      [19, 'external'],
      [20, 'fwmark'],
    ],
    ignored: [11, 16], // IFLA_IPTUN_ENCAP_FLAGS, which say nothing alone, and IFLA_IPTUN_6RD_PREFIX: 2002:: of a new tunnel
  },
  docs: {
    title: 'SIT',
    text: 'At an interface: it is one end of a tunnel that takes IPv6 over a network of IPv4 (RFC 4213).',
    short: [{ remote: 'node2' }, { remote: 'node2', dev: 'eth0' }],
    example: `
version: 1
name: sit
bridges:
  underlay: 192.168.50.0/24
namespaces:
  node1:
    interfaces:
      eth0: { bridge: underlay }
      six-b: { sit: { remote: node2 }, address: "fd00:42::1/64" }
  node2:
    interfaces:
      eth0: { bridge: underlay }
      six-b: { sit: { remote: node1 }, address: "fd00:42::2/64" }`,
  },
});
