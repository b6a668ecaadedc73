import { defineLinkKind } from '../define-link-kind.ts';
import { checkVxlanEnds } from './check-ends.ts';
import { vxlanCodec } from './netlink.ts';
import { destinationOf, VXLAN_PORT, type VxlanOptions, vxlanFields } from './options.ts';
import { vxlanTwice } from './vxlan-twice.ts';

/** One end of an overlay: it packs Ethernet frames into UDP and sends them to its remote, which unpacks them. */
export const vxlan = defineLinkKind<VxlanOptions>({
  name: 'vxlan',
  phrase: 'a vxlan',
  section: 'interfaces',
  explain:
    'Makes the interface one end of an overlay: what it is given, it sends to `remote` or to `group` in UDP packets. With `bridge` it is a port of that bridge, which has to be of the same namespace.',
  fields: vxlanFields,
  alternatives: ['remote', 'group'],
  lower: 'dev',
  segment: {
    ...{ by: 'target', field: 'remote', same: ['id', 'port'] },
    otherwise: { by: 'group', field: 'dev', same: ['id', 'port', 'group'] },
  },
  // VXLAN_HEADROOM and VXLAN6_HEADROOM of the kernel's net/vxlan.h: IP, UDP, VXLAN and the inner Ethernet header.
  overhead: (options) => (destinationOf(options).includes(':') ? 70 : 50),
  caption: ({ id }) => `vxlan ${id}`,
  immutable: ['id', 'remote', 'group', 'local', 'dev', 'port'],
  unlike: { id: 0, remote: '', local: null, dev: null, port: 0 },
  netlink: vxlanCodec,
  shell: ({ id, remote = null, group, local = null, dev = null, port }) => [
    ...(id === undefined ? [] : ['id', id]),
    ...(remote === null ? [] : ['remote', remote]),
    ...(group === undefined ? [] : ['group', group]),
    ...(local === null ? [] : ['local', local]),
    ...(dev === null ? [] : ['dev', dev]),
    ...(port === undefined ? [] : ['dstport', port]),
  ],
  describe: ({ action, options: { id, remote, group, dev, port }, master, mtu }) => [
    group === undefined ? `id ${id} to ${remote}` : `id ${id} in group ${group}`,
    dev === null ? '' : `through ${dev}`,
    master === null ? '' : `port of ${master}`,
    port === VXLAN_PORT ? '' : `port ${port}`,
    action === 'create' ? `mtu ${mtu}` : '',
  ],
  check: checkVxlanEnds,
  checks: [vxlanTwice],
  hasForwardingTable: true,
  docs: {
    title: 'VXLAN',
    text: 'At an interface: it is one end of an overlay, a LAN whose frames travel in UDP packets over the network below. Ends that send to each other, or to one group on one network, are on one LAN, with the bridges that they are ports of; a bridge without an `mtu` of its own takes that of its vxlan.',
    short: [
      { id: 42, remote: 'node2' },
      { id: 42, remote: '192.168.50.2', dev: 'eth0' },
      { id: 42, group: '239.1.1.42', dev: 'eth0' },
    ],
    example: `
version: 1
name: overlay
bridges:
  underlay: 192.168.50.0/24
namespaces:
  node1:
    bridges: { br0: { subnet: 10.42.0.0/24, gateway: none } }
    interfaces:
      eth0: { bridge: underlay }
      vx0: { bridge: br0, vxlan: { id: 42, remote: node2 } }
  node2:
    interfaces:
      eth0: { bridge: underlay }
      vx0: { address: 10.42.0.200, vxlan: { id: 42, remote: node1 } }
  pod1:
    interfaces: { eth0: { bridge: "node1:br0" } }`,
  },
});
