import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import type { LabLink } from '../../../model/lab.ts';
import type { VxlanOptions } from './options.ts';

/** Two vxlans of one number and port in one namespace. */
export const vxlanTwice: LabCheck = {
  name: 'vxlan-twice',
  code: 'NF2010',
  rank: 40,
  title: 'Duplicate VXLAN id and port',
  explain:
    'Two vxlans of a namespace have the same `id` and the same `port`. Incoming packets can only belong to one of them, and the kernel rejects the second.',
  bad: `
namespaces:
  red:
    interfaces:
      eth0: 10.0.0.1/24
      vx0: { vxlan: { id: 42, remote: blue }, address: 10.1.0.1/24 }
      vx1: { vxlan: { id: 42, remote: 10.0.0.2 }, address: 10.2.0.1/24 }
  blue: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "red:eth0 -- blue:eth0" ]
`,
  good: `
namespaces:
  red:
    interfaces:
      eth0: 10.0.0.1/24
      vx0: { vxlan: { id: 42, remote: blue }, address: 10.1.0.1/24 }
      vx1: { vxlan: { id: 43, remote: 10.0.0.2 }, address: 10.2.0.1/24 }
  blue: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "red:eth0 -- blue:eth0" ]
`,
  find: (_topology, lab) => {
    const seen = new Map<string, LabLink>();
    const vxlans = lab.links.filter((link) => link.kind === 'vxlan');
    return vxlans.flatMap((vxlan) => {
      const { id, port } = vxlan.options as VxlanOptions;
      const key = `${vxlan.netns} ${id} ${port}`;
      const first = seen.get(key);
      seen.set(key, first ?? vxlan);
      if (!first) return [];
      const message = `vxlan ${id} on port ${port} is already ${first.netns}:${first.label}`;
      return [
        makeDiagnostic('vxlan-twice', atValue([...vxlan.at, 'vxlan', 'id']), message, {
          related: [{ at: atValue([...first.at, 'vxlan', 'id']), message: 'first used here' }],
          hint: 'give one of them another id, or another port',
        }),
      ];
    });
  },
};
