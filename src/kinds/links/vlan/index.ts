import type { LinkOptionsContext } from '../../../model/diagnostics/link-options-context.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { defineLinkKind } from '../define-link-kind.ts';
import { vlanCodec } from './netlink.ts';
import { type VlanOptions, vlanFields } from './options.ts';
import { twinLinks } from './twin-links.ts';

/** A link of its own for the frames with one tag on another link. */
export const vlan = defineLinkKind<VlanOptions>({
  name: 'vlan',
  phrase: 'a vlan',
  section: 'interfaces',
  explain:
    'Makes the interface a VLAN on another link (`parent`): it is on a LAN with the VLANs of the same `id` there, and its frames carry that tag below.',
  fields: vlanFields,
  lower: 'parent',
  segment: { by: 'tag', field: 'parent', same: ['id', 'protocol'] },
  // The tag is not counted in the MTU of Ethernet (`vlan_dev_change_mtu` in net/8021q/vlan_dev.c).
  overhead: () => 0,
  caption: ({ id }) => `vlan ${id}`,
  // The kernel ignores another id, protocol or parent without a word (`vlan_changelink` in net/8021q/vlan_netlink.c).
  immutable: ['id', 'parent', 'protocol'],
  unique: ['id', 'parent', 'protocol'],
  unlike: { id: 0, parent: '', protocol: '' },
  kernelDefaults: { protocol: '802.1q' },
  netlink: vlanCodec,
  shell: ({ id, protocol }) => [
    ...(protocol === undefined ? [] : ['protocol', protocol]),
    ...(id === undefined ? [] : ['id', id]),
  ],
  describe: ({ action, options: { id, parent, protocol }, master, mtu, up }) => [
    `id ${id} on ${parent}`,
    protocol === '802.1q' ? '' : protocol,
    master === null ? '' : `port of ${master}`,
    action === 'create' ? `mtu ${mtu}` : '',
    up ? '' : 'down',
  ],
  check: checkParent,
  checks: [twinLinks],
  docs: {
    title: 'VLAN',
    text: 'At an interface: it stands on another link, and takes the frames there that have its tag. VLANs of one `id` and `protocol` whose parents are on one LAN are on a LAN of their own: a bridge in between passes tagged frames on. The parent is of the same namespace, or a link of the machine: the VLAN is then made there and put into the namespace.',
    short: [
      { id: 10, parent: 'eth0' },
      { id: 10, parent: 'host:eth1', protocol: '802.1ad' },
    ],
    example: `
version: 1
name: vlans
bridges:
  trunk: {}
namespaces:
  router:
    interfaces:
      eth0: { bridge: trunk }
      eth0.10: { vlan: { id: 10, parent: eth0 }, address: 10.10.0.1/24 }
      eth0.20: { vlan: { id: 20, parent: eth0 }, address: 10.20.0.1/24 }
  red:
    interfaces:
      eth0: { bridge: trunk }
      eth0.10: { vlan: { id: 10, parent: eth0 }, address: 10.10.0.2/24 }`,
  },
});

function checkParent(_options: VlanOptions, { phrase, lower, report, at }: LinkOptionsContext): boolean {
  if (lower === null) return true;
  const refuse = (message: string, hint: string): boolean => {
    report('bad-value', atValue(at('parent')), message, { hint });
    return false;
  };
  if (lower.isItself) return refuse(`${phrase} cannot be its own parent`, 'name the interface below it');
  return lower.name !== 'lo' || refuse('lo has no frames that could carry a tag', 'name another interface');
}
