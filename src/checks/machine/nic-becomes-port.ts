import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../model/diagnostics/source-location.ts';
import type { MachineCheck } from '../check.ts';

/** A NIC of the machine that has addresses and becomes a port of a bridge. */
export const nicBecomesPort: MachineCheck = {
  name: 'nic-becomes-port',
  code: 'NF3024',
  title: 'NIC with addresses becomes a port',
  explain:
    'A NIC of the machine gets a bridge, and has addresses. netform leaves them where they are, but what comes by the NIC goes to the bridge from then on: the machine cannot be reached there, and does not reach what is behind it. For another master than a bridge the NIC is set down, and its routes and IPv6 addresses would go for good: that is an error.',
  bad: `
bridges: { lan: 198.51.100.0/24 }
host: { interfaces: { eth9: { existing: true, bridge: lan } } }
`,
  good: null,
  query: (lab) => (lab.existing.some(({ master }) => master) ? [{ need: 'namespace', netns: 'host' }] : []),
  find: ({ existing, links }, live) => {
    const host = live.get({ need: 'namespace', netns: 'host' });
    return existing.flatMap(({ name, at, master }) => {
      if (master === undefined || host?.links.get(name)?.master === master) return [];
      const own = (host?.addresses ?? []).filter(({ dev, scope }) => dev === name && scope !== 'link');
      if (own.length === 0) return [];
      if (links.some(({ netns, name: of }) => netns === 'host' && of === master)) {
        const message = `${name} has ${own.map(({ prefix }) => prefix).join(', ')}, and is set down for ${master}: the kernel then deletes its IPv6 addresses and its routes`;
        const hint = `take the addresses away first: ip address flush dev ${name}`;
        return [makeDiagnostic('nic-becomes-port', atKey(at), message, { hint })];
      }
      const message = `${name} has ${own.map(({ prefix }) => prefix).join(', ')}, where nothing answers once it is a port of ${master}`;
      const hint = `give the addresses to the bridge: ${master}: { address: ${own[0]?.prefix ?? ''} }`;
      return [makeDiagnostic('nic-becomes-port', atKey(at), message, { severity: 'warning', hint })];
    });
  },
};
