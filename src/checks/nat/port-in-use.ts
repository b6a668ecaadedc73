import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { Listener } from '../../model/kernel/live-state.ts';
import type { LabForward } from '../../model/lab.ts';
import type { MachineCheck } from '../check.ts';

/** A port of the host that a forward would take from a program. */
export const portInUse: MachineCheck = {
  name: 'port-in-use',
  title: 'A port that a program already listens on',
  explain:
    'A forward of the host listens on a port, at an address, where a program of this machine already listens. The program would no longer be reachable there.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, publish: ["22:80"] }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, publish: ["8080:80"] }
`,
  find: (lab, live) => {
    const listeners = live.listeners.filter(({ netns }) => netns === 'host');
    const reported = new Set<string>();
    return lab.forwards.flatMap((forward) => {
      if (forward.netns !== 'host' || reported.has(forward.at.join('/'))) return [];
      const rival = listeners.find((listener) => meets(forward, listener));
      if (!rival) return [];
      reported.add(forward.at.join('/'));
      const where = EVERY.includes(rival.address) ? '' : ` at ${rival.address}`;
      return [
        makeDiagnostic(
          'port-in-use',
          atValue(forward.at),
          `port ${rival.port}/${rival.protocol} is in use${where} by a program of this machine`,
          {
            hint: 'listen on another port, or on an address that the program does not use; "ss -lntup" shows who it is',
          },
        ),
      ];
    });
  },
};

const EVERY = ['0.0.0.0', '::'];

/** A socket that listens at :: takes IPv4 too, unless it is told not to. */
function meets(forward: LabForward, { protocol, address, port }: Listener): boolean {
  if (!forward.protocols.includes(protocol) || port < forward.ports.first || port > forward.ports.last) return false;
  if (address === '::') return true;
  if (address.includes(':') !== (forward.family === 6)) return false;
  return forward.address === null || address === '0.0.0.0' || address === forward.address;
}
