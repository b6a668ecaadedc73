import { defineLinkKind } from '../define-link-kind.ts';
import { checkIpvlanParent } from './check-parent.ts';
import { ipvlanCodec } from './netlink.ts';
import { type IpvlanOptions, ipvlanFields } from './options.ts';

/** A link with an address of its own, and the MAC of the link below. */
export const ipvlan = defineLinkKind<IpvlanOptions>({
  name: 'ipvlan',
  phrase: 'an ipvlan',
  section: 'interfaces',
  explain:
    'Makes the interface a link on another link (`parent`), with addresses of its own and that link’s MAC: for a network that allows one MAC a port.',
  fields: ipvlanFields,
  lower: 'parent',
  segment: { by: 'device', field: 'parent', same: [] },
  overhead: () => 0,
  caption: ({ mode }) => `ipvlan ${mode}`,
  inheritsMac: () => true,
  isNoPort: true,
  // The kernel ignores another IFLA_LINK without a word. Mode and flag are the parent's: a change is one of all its ipvlans.
  immutable: ['parent'],
  unlike: { parent: '', mode: '', flag: '' },
  netlink: ipvlanCodec,
  shell: ({ mode, flag }) => [...(mode === undefined ? [] : ['mode', mode]), ...(flag === undefined ? [] : [flag])],
  describe: ({ action, options: { parent, mode, flag }, mtu, up }) => [
    `on ${parent}`,
    `mode ${mode}`,
    flag === 'bridge' ? '' : flag,
    action === 'create' ? `mtu ${mtu}` : '',
    up ? '' : 'down',
  ],
  check: checkIpvlanParent,
  checks: [],
  // ipvlan_set_port_mode (drivers/net/ipvlan/ipvlan_main.c): no ARP in both modes that route.
  newFlags: ({ mode }) => (mode === 'l2' ? ['arp', 'multicast'] : ['multicast']),
  docs: {
    title: 'Ipvlan',
    text: 'At an interface: it stands on another link, with addresses of its own and that link’s MAC. The parent is of the same namespace, or a link of the machine: the ipvlan is then made there and put into the namespace. `mode` and `flag` belong to the parent, so that all ipvlans on it have the same ones. With `l3` it does not answer ARP: the hosts that are to reach it need a route through an address of the parent’s namespace.',
    short: [{ parent: 'eth0', mode: 'l2' }, { parent: 'host:eth1' }],
    example: `
version: 1
name: ipvlans
bridges:
  lan: 10.1.0.0/24
namespaces:
  router:
    interfaces:
      eth0: { bridge: lan, address: none }
      ip0: { ipvlan: { parent: eth0, mode: l2 }, address: 10.1.0.5/24 }
      ip1: { ipvlan: { parent: eth0, mode: l2 }, address: none }
  client:
    interfaces: { eth0: { bridge: lan } }`,
  },
});
