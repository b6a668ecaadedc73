import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';

/** The entry of `tunnel-ends` in docs/checks.md. */
export const tunnelEndsDoc: CheckDoc = {
  name: 'tunnel-ends',
  code: 'NF2013',
  title: 'Unreachable end of a tunnel',
  explain:
    'The remote of a tunnel is its own namespace or of a family that the kind does not go over, its local address does not belong to its namespace, or its `dev` is itself or the bridge that it is a port of. A remote on a LAN of the lab where no interface has that address is a warning.',
  bad: `
namespaces:
  red:
    interfaces:
      eth0: 10.0.0.1/24
      gre1: { gre: { remote: 10.0.0.1 }, address: 10.9.0.1/30 }
  blue: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "red:eth0 -- blue:eth0" ]
`,
  good: `
namespaces:
  red:
    interfaces:
      eth0: 10.0.0.1/24
      gre1: { gre: { remote: 10.0.0.2 }, address: 10.9.0.1/30 }
  blue: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "red:eth0 -- blue:eth0" ]
`,
};
