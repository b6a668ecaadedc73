import { defineIpTunnel } from '../ip-tunnel.ts';
import { GRE_NUMBERS } from '../ip-tunnel-codec.ts';

/** A tunnel of IPv4 that carries frames, told from others by a key. */
export const gretap = defineIpTunnel({
  name: 'gretap',
  phrase: 'a gretap tunnel',
  explain:
    'Makes the interface one end of a tunnel: the frames that it is given, it sends to `remote` in packets of IPv4 (GRE).',
  family: 4,
  carries: 'frames',
  hasKey: true,
  headers: 38,
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
    title: 'GRE with frames',
    text: 'At an interface: as `gre`, but it carries Ethernet frames, so that both ends are on one LAN, with the bridges that they are ports of.',
    short: [{ remote: 'node2' }, { remote: 'node2', key: 7 }],
    example: `
version: 1
name: gretap
bridges:
  underlay: 192.168.50.0/24
namespaces:
  node1:
    interfaces:
      eth0: { bridge: underlay }
      tap-b: { gretap: { remote: node2, key: 7 }, address: 10.42.0.1/24 }
  node2:
    interfaces:
      eth0: { bridge: underlay }
      tap-b: { gretap: { remote: node1, key: 7 }, address: 10.42.0.2/24 }`,
  },
});
