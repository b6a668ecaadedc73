import { defineLinkKind } from '../define-link-kind.ts';
import { checkMacvlanParent } from './check-parent.ts';
import { macvlanCodec } from './netlink.ts';
import { type MacvlanOptions, macvlanFields } from './options.ts';

/** A link with a MAC of its own on another link: it shares that link's network, as if plugged in beside it. */
export const macvlan = defineLinkKind<MacvlanOptions>({
  name: 'macvlan',
  phrase: 'a macvlan',
  section: 'interfaces',
  explain:
    'Makes the interface a link with a MAC of its own on another link (`parent`): it is on that link’s LAN, as if plugged in beside it.',
  fields: macvlanFields,
  lower: 'parent',
  segment: { by: 'device', field: 'parent', same: [] },
  overhead: () => 0,
  caption: ({ mode }) => `macvlan ${mode}`,
  // `macvlan_common_newlink` in drivers/net/macvlan.c.
  inheritsMac: ({ mode }) => mode === 'passthru',
  // The kernel ignores another IFLA_LINK without a word, and refuses to change to and from passthru.
  immutable: ['parent', 'mode'],
  unlike: { parent: '', mode: '' },
  netlink: macvlanCodec,
  shell: ({ mode }) => (mode === undefined ? [] : ['mode', mode]),
  describe: ({ action, options: { parent, mode }, master, mtu, up }) => [
    `on ${parent}`,
    mode === 'bridge' ? '' : `mode ${mode}`,
    master === null ? '' : `port of ${master}`,
    action === 'create' ? `mtu ${mtu}` : '',
    up ? '' : 'down',
  ],
  check: checkMacvlanParent,
  checks: [],
  docs: {
    title: 'Macvlan',
    text: 'At an interface: it stands on another link, with a MAC of its own, and is on that link’s LAN. The parent is of the same namespace, or a link of the machine: the macvlan is then made there and put into the namespace. Macvlans and the namespace that has the parent do not hear each other through it.',
    short: [{ parent: 'eth0' }, { parent: 'host:eth1', mode: 'private' }],
    example: `
version: 1
name: macvlans
bridges:
  lan: 10.1.0.0/24
namespaces:
  router:
    interfaces:
      eth0: { bridge: lan, address: none }
      mac0: { macvlan: { parent: eth0 }, address: 10.1.0.5/24 }
      mac1: { macvlan: { parent: eth0, mode: private }, address: none }
  client:
    interfaces: { eth0: { bridge: lan } }`,
  },
});
