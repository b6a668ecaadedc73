import type { CheckDoc } from '../../../model/diagnostics/check-doc.ts';
import type { LinkOptionsContext } from '../../../model/diagnostics/link-options-context.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import { familyOf } from '../../../net/address.ts';
import { checkTunnelEnds } from '../tunnel-ends.ts';
import type { VxlanOptions } from './options.ts';

/** Whether a vxlan leads somewhere: its remotes are addresses of others, and the local one its own, all of one family. */
export const checkVxlanEnds = (options: VxlanOptions, context: LinkOptionsContext): boolean =>
  checkGroup(options, context) && checkTunnelEnds(options, context, { check: 'vxlan-ends', family: null });

/** Whether a group has a way out, and the family of the local address (`vxlan_config_validate` in drivers/net/vxlan/vxlan_core.c). */
function checkGroup({ group, local, dev }: VxlanOptions, { phrase, at, report }: LinkOptionsContext): boolean {
  if (group === undefined) return true;
  if (dev === null) {
    const hint = 'write `dev: eth0`, with the interface on the network below';
    report('vxlan-ends', atValue(at('group')), `${phrase} needs a \`dev\` to send to the group ${group}`, { hint });
    return false;
  }
  if (local === null || familyOf(local) === familyOf(group)) return true;
  const message = `cannot mix IPv4 and IPv6: local ${local}, group ${group}`;
  report('vxlan-ends', atValue(at('local')), message, { hint: 'write both as IPv4, or both as IPv6' });
  return false;
}

/** The entry of `vxlan-ends` in docs/checks.md. */
export const vxlanEndsDoc: CheckDoc = {
  name: 'vxlan-ends',
  code: 'NF2011',
  title: 'Unreachable VXLAN endpoint',
  explain:
    'A remote of a vxlan is its own namespace or is written twice, its local address does not belong to its namespace or is of another family than the remote, or its `dev` is itself or the bridge that it is a port of. A `group` needs a `dev`: the kernel joins it there, and on no other interface. A remote on a LAN of the lab where no interface has that address is a warning.',
  bad: `
namespaces:
  red:
    interfaces:
      eth0: 10.0.0.1/24
      vx0: { vxlan: { id: 42, remote: 10.0.0.1 }, address: 10.42.0.1/24 }
  blue: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "red:eth0 -- blue:eth0" ]
`,
  good: `
namespaces:
  red:
    interfaces:
      eth0: 10.0.0.1/24
      vx0: { vxlan: { id: 42, remote: 10.0.0.2 }, address: 10.42.0.1/24 }
  blue: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "red:eth0 -- blue:eth0" ]
`,
};
