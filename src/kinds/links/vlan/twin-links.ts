import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import type { LabLink } from '../../../model/lab.ts';

/** Two links of one kind, VLANs or others, in one namespace that the kernel cannot tell apart. */
export const twinLinks: LabCheck = {
  name: 'twin-links',
  code: 'NF2014',
  rank: 40,
  title: 'Two links that are alike',
  explain:
    'Two links of one kind in one namespace have the same options that tell such links apart: two VLANs of one `id` on one parent, two tunnels of one `key` between the same ends. What comes in can only belong to one of them, and the kernel rejects the second.',
  bad: `
bridges: { trunk: {} }
namespaces:
  red:
    interfaces:
      eth0: { bridge: trunk }
      a: { vlan: { id: 10, parent: eth0 }, address: 10.1.0.1/24 }
      b: { vlan: { id: 10, parent: eth0 }, address: 10.2.0.1/24 }
`,
  good: `
bridges: { trunk: {} }
namespaces:
  red:
    interfaces:
      eth0: { bridge: trunk }
      a: { vlan: { id: 10, parent: eth0 }, address: 10.1.0.1/24 }
      b: { vlan: { id: 20, parent: eth0 }, address: 10.2.0.1/24 }
`,
  find: (_topology, lab) => {
    const seen = new Map<string, LabLink>();
    return lab.links.flatMap((link) => {
      if (link.twin === undefined) return [];
      const key = `${link.netns} ${link.kind} ${JSON.stringify(Object.values(link.twin))}`;
      const first = seen.get(key);
      seen.set(key, first ?? link);
      if (!first) return [];
      const told = Object.entries(link.twin).map(([option, value]) => `${option} ${value ?? 'none'}`);
      const message = `${first.netns}:${first.label} is already a ${link.kind} with ${told.join(', ')}`;
      return [
        makeDiagnostic('twin-links', atValue([...link.at, link.kind]), message, {
          related: [{ at: atValue([...first.at, first.kind]), message: 'first used here' }],
          hint: `give one of them another ${Object.keys(link.twin)[0]}`,
        }),
      ];
    });
  },
};
