import { familyOf } from '../../../net/address.ts';
import { defineLinkKind } from '../define-link-kind.ts';
import { checkTunnelEnds } from '../tunnel-ends.ts';
import { geneveCodec } from './netlink.ts';
import { GENEVE_PORT, type GeneveOptions, geneveFields } from './options.ts';

/** One end of an overlay between two: it packs Ethernet frames into UDP (RFC 8926). */
export const geneve = defineLinkKind<GeneveOptions>({
  name: 'geneve',
  phrase: 'a geneve',
  section: 'interfaces',
  explain:
    'Makes the interface one end of an overlay: what it is given, it sends to `remote` in UDP packets (Geneve, RFC 8926).',
  fields: geneveFields,
  lower: null,
  segment: { by: 'target', field: 'remote', same: ['id', 'port'], mutual: true },
  // GENEVE_IPV4_HLEN and GENEVE_IPV6_HLEN of drivers/net/geneve.c, and the inner Ethernet header.
  overhead: ({ remote }) => (remote.includes(':') ? 70 : 50),
  caption: ({ id }) => `geneve ${id}`,
  immutable: ['id', 'port'],
  // `geneve_nl2info` in drivers/net/geneve.c.
  fixedBetween: (before, after) => (familyOf(before.remote) === familyOf(after.remote) ? [] : ['remote']),
  unique: ['id', 'remote', 'port'],
  unlike: { id: 0, remote: '', port: 0, ttl: 0 },
  kernelDefaults: { port: GENEVE_PORT, ttl: 0 },
  netlink: geneveCodec,
  shell: ({ id, remote, port, ttl }) => [
    ...(id === undefined ? [] : ['id', id]),
    ...(remote === undefined ? [] : ['remote', remote]),
    ...(ttl === undefined ? [] : ['ttl', ttl]),
    ...(port === undefined ? [] : ['dstport', port]),
  ],
  describe: ({ action, options: { id, remote, port }, master, mtu, up }) => [
    `id ${id} to ${remote}`,
    master === null ? '' : `port of ${master}`,
    port === GENEVE_PORT ? '' : `port ${port}`,
    action === 'create' ? `mtu ${mtu}` : '',
    up ? '' : 'down',
  ],
  check: (_options, context) => checkTunnelEnds({}, context, { check: 'tunnel-ends', family: null }),
  checks: [],
  docs: {
    title: 'Geneve',
    text: 'At an interface: it is one end of an overlay between two, whose frames travel in UDP packets (RFC 8926). Ends that send to each other are on one LAN, with the bridges that they are ports of.',
    short: [{ id: 42, remote: 'node2' }],
    example: `
version: 1
name: geneve
bridges:
  underlay: 192.168.50.0/24
namespaces:
  node1:
    interfaces:
      eth0: { bridge: underlay }
      gnv0: { geneve: { id: 42, remote: node2 }, address: 10.42.0.1/24 }
  node2:
    interfaces:
      eth0: { bridge: underlay }
      gnv0: { geneve: { id: 42, remote: node1 }, address: 10.42.0.2/24 }`,
  },
});
