import type { CheckDoc } from '../../../model/diagnostics/check-doc.ts';
import type { LinkOptionsContext } from '../../../model/diagnostics/link-options-context.ts';
import { checkTunnelEnds } from '../tunnel-ends.ts';
import type { VxlanOptions } from './options.ts';

/** Whether a vxlan leads somewhere: its remotes are addresses of others, and the local one its own, all of one family. */
export const checkVxlanEnds = (options: VxlanOptions, context: LinkOptionsContext): boolean =>
  checkTunnelEnds(options, context, { check: 'vxlan-ends', family: null });

/** The entry of `vxlan-ends` in docs/checks.md. */
export const vxlanEndsDoc: CheckDoc = {
  name: 'vxlan-ends',
  code: 'NF2011',
  title: 'Unreachable VXLAN endpoint',
  explain:
    'A remote of a vxlan is its own namespace or is written twice, its local address does not belong to its namespace or is of another family than the remote, or its `dev` is itself or the bridge that it is a port of. A remote on a LAN of the lab where no interface has that address is a warning.',
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
