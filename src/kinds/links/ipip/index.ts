import { defineIpTunnel } from '../ip-tunnel.ts';
import { IPTUN_NUMBERS } from '../ip-tunnel-codec.ts';

/** A tunnel of IPv4 in IPv4. */
export const ipip = defineIpTunnel({
  name: 'ipip',
  phrase: 'an ipip tunnel',
  explain:
    'Makes the interface one end of a tunnel: the packets of IPv4 that it is given, it sends to `remote` in packets of IPv4 (RFC 2003).',
  family: 4,
  carries: 'packets',
  hasKey: false,
  headers: 20,
  numbers: {
    ...IPTUN_NUMBERS,
    usual: { number: 10, name: 'pmtudisc', value: 1 }, // IFLA_IPTUN_PMTUDISC
    protocol: { number: 9, modes: { any: 0, ipip: 4 } }, // IFLA_IPTUN_PROTO
    // IFLA_IPTUN_TOS, ENCAP_TYPE, COLLECT_METADATA, FWMARK
    ignored: [16], // IFLA_IPTUN_ENCAP_FLAGS, which say nothing alone
    others: [
      [5, 'tos'],
      [15, 'encap'],
      [19, 'external'],
      [20, 'fwmark'],
    ],
  },
  docs: {
    title: 'IPIP',
    text: 'At an interface: it is one end of a tunnel that puts packets of IPv4 into packets of IPv4, with no header between them (RFC 2003).',
    short: [{ remote: 'node2' }, { remote: 'node2', dev: 'eth0' }],
    example: `
version: 1
name: ipip
bridges:
  underlay: 192.168.50.0/24
namespaces:
  node1:
    interfaces:
      eth0: { bridge: underlay }
      tun-b: { ipip: { remote: node2 }, address: 10.42.0.1/24 }
  node2:
    interfaces:
      eth0: { bridge: underlay }
      tun-b: { ipip: { remote: node1 }, address: 10.42.0.2/24 }`,
  },
});
