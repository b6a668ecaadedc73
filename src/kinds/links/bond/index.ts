import { defineLinkKind } from '../define-link-kind.ts';
import { checkBond } from './check-mode.ts';
import { bondCodec } from './netlink.ts';
import { type BondOptions, bondFields } from './options.ts';

/** Several links used as one. */
export const bond = defineLinkKind<BondOptions>({
  name: 'bond',
  phrase: 'a bond',
  section: 'interfaces',
  explain: 'Makes the interface a bond: it sends and receives by its `ports`, and goes on when one of them fails.',
  fields: bondFields,
  lower: null,
  segment: null,
  takes: 'frames',
  overhead: () => 0,
  caption: ({ mode }) => `bond ${mode}`,
  // A bond with ports, or one that is up, has its mode for good (`bond_option_mode_set`).
  immutable: ['mode'],
  unlike: { mode: '', miimon: 0, primary: null, xmitHashPolicy: '', lacpRate: '', minLinks: 0 },
  kernelDefaults: { mode: 'balance-rr', primary: null, xmitHashPolicy: 'layer2', lacpRate: 'slow', minLinks: 0 },
  afterPorts: ['primary'],
  // Otherwise it has sixteen.
  singleQueue: true,
  netlink: bondCodec,
  shell: ({ mode, miimon, primary, xmitHashPolicy, lacpRate, minLinks }) => [
    ...(mode === undefined ? [] : ['mode', mode]),
    ...(miimon === undefined ? [] : ['miimon', miimon]),
    ...(primary == null ? [] : ['primary', primary]),
    ...(xmitHashPolicy === undefined ? [] : ['xmit_hash_policy', xmitHashPolicy]),
    ...(minLinks === undefined ? [] : ['min_links', minLinks]),
    ...(lacpRate === undefined || (mode !== undefined && mode !== '802.3ad') ? [] : ['lacp_rate', lacpRate]),
  ],
  describe: ({ action, options: { mode, primary }, master, mtu, up }) => [
    `mode ${mode}`,
    primary === null ? '' : `primary ${primary}`,
    master === null ? '' : `port of ${master}`,
    action === 'create' ? `mtu ${mtu}` : '',
    up ? '' : 'down',
  ],
  check: checkBond,
  checks: [],
  docs: {
    title: 'Bond',
    text: 'At an interface: it makes one link of several. The bond is on the LANs of its `ports`, which have its MAC, its MTU and no address of their own. A port is down when it enters. The other end must know: with `802.3ad` another bond, with `active-backup` a bridge that all ports are on.',
    short: [{ mode: 'active-backup', ports: ['eth0', 'eth1'] }],
    example: `
version: 1
name: bonds
namespaces:
  red:
    interfaces:
      bond0: { bond: { mode: 802.3ad, ports: [eth0, eth1], lacpRate: fast }, address: 10.1.0.1/24 }
  blue:
    interfaces:
      bond0: { bond: { mode: 802.3ad, ports: [eth0, eth1], lacpRate: fast }, address: 10.1.0.2/24 }
links: [ "red:eth0 -- blue:eth0", "red:eth1 -- blue:eth1" ]`,
  },
});
