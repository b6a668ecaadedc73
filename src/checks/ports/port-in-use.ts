import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { Listener } from '../../model/kernel/live-state.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { StateEntry } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { LabPortClaim } from '../../model/lab-parts/lab-registers.ts';
import type { MachineCheck } from '../check.ts';
import { firstOfEachPlace, isRecordedClaim } from './recorded-claim.ts';

/** A port of the host that the lab would take from a program. */
export const portInUse: MachineCheck = {
  name: 'port-in-use',
  code: 'NF3004',
  rank: 60,
  title: 'Port in use by a program',
  explain:
    'A forward of the host listens on a port, at an address, where a program of this machine already listens. The program would no longer be reachable there. It is a warning for a lab that has the port already.',
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
  query: ({ ports }) => (ports.some(({ netns }) => netns === 'host') ? [{ need: 'listeners', netns: 'host' }] : []),
  find: (lab, live, { recorded }) =>
    findListenerRivals(lab, live, recorded).map(({ claim, listener: { protocol, address, port } }) => {
      const where = EVERY.includes(address) ? '' : ` at ${address}`;
      return makeDiagnostic(
        'port-in-use',
        atValue(claim.at),
        `port ${port}/${protocol} is in use${where} by a program of this machine`,
        {
          ...(isRecordedClaim(claim, recorded) ? { severity: 'warning' } : {}),
          hint: 'listen on another port, or on an address that the program does not use; "ss -lntup" shows who it is',
        },
      );
    }),
};

/** A port of the host that the lab forwards, and a program that listens there. */
export type ListenerRival = { readonly claim: LabPortClaim; readonly listener: Listener };

/**
 * The ports of the host that a lab forwards and where a program listens: one for each place in the file. What a program of
 * the lab takes is its own once that was started.
 */
export function findListenerRivals(
  lab: Lab,
  live: LiveState,
  recorded: readonly Pick<StateEntry, 'id'>[] = [],
): readonly ListenerRival[] {
  const started = new Set(recorded.map(({ id }) => id));
  const listeners = live.get({ need: 'listeners', netns: 'host' }) ?? [];
  const rivals = lab.ports.flatMap((claim): ListenerRival[] => {
    const isOwn = claim.process !== undefined && started.has(claim.process);
    const listener = claim.netns === 'host' && !isOwn ? listeners.find((one) => meets(claim, one)) : undefined;
    return listener === undefined ? [] : [{ claim, listener }];
  });
  return firstOfEachPlace(rivals);
}

const EVERY = ['0.0.0.0', '::'];

/** A socket that listens at :: accepts IPv4 too, unless IPV6_V6ONLY is set. */
function meets(claim: LabPortClaim, { protocol, address, port }: Listener): boolean {
  if (claim.isHeld) return false;
  if (!claim.protocols.includes(protocol) || port < claim.ports.first || port > claim.ports.last) return false;
  if (address === '::') return true;
  if (address.includes(':') !== (claim.family === 6)) return false;
  return claim.address === null || address === '0.0.0.0' || address === claim.address;
}
