import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import { processId } from '../../model/ids.ts';
import type { Listener, PortHolder } from '../../model/kernel/live-state.ts';
import type { LiveState } from '../../model/kernel/need.ts';
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
    'A forward of the host listens on a port, at an address, where a program of this machine already listens. The program would no longer be reachable there. It is a warning for a lab that has the port already. Or a program of the lab is to listen where another one does: it could not start.',
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
  query: (lab) => [
    ...(lab.ports.some(isForwardOfHost) ? [{ need: 'listeners', netns: 'host' } as const] : []),
    ...heldClaims(lab).flatMap(({ holders, process }) => [holders, process]),
  ],
  find: (lab, live, { recorded }) => [
    ...findHolderRivals(lab, live).map(({ claim, listener: { protocol, address, port, pid, name } }) => {
      const where = EVERY.includes(address) ? '' : ` at ${address}`;
      const who = pid === 0 ? 'a program' : `${name} (process ${pid})`;
      const place = claim.netns === 'host' ? 'this machine' : claim.netns;
      return makeDiagnostic(
        'port-in-use',
        atValue(claim.at),
        `port ${port}/${protocol} of ${place} is in use${where} by ${who}`,
        {
          hint: 'end that program, or listen at addresses that it does not use',
          foreign: true,
        },
      );
    }),
    ...findListenerRivals(lab, live).map(({ claim, listener: { protocol, address, port } }) => {
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
  ],
};

/** A port of the host that the lab forwards, and a program that listens there. */
export type ListenerRival = { readonly claim: LabPortClaim; readonly listener: Listener };

/** The ports of the host that a lab forwards and where a program listens: one for each place in the file. */
export function findListenerRivals(lab: Lab, live: LiveState): readonly ListenerRival[] {
  if (!lab.ports.some(isForwardOfHost)) return [];
  const listeners = live.get({ need: 'listeners', netns: 'host' }) ?? [];
  const rivals = lab.ports.flatMap((claim): ListenerRival[] => {
    const listener = isForwardOfHost(claim) ? listeners.find((one) => meets(claim, one)) : undefined;
    return listener === undefined ? [] : [{ claim, listener }];
  });
  return firstOfEachPlace(rivals);
}

const isForwardOfHost = ({ netns, process }: LabPortClaim): boolean => netns === 'host' && process === undefined;

/** The ports on which programs of the lab are to listen, with what is asked about each: who listens there, and the lab's own process. */
function heldClaims({ name: lab, ports, processes }: Lab) {
  const byId = new Map(processes.map((one) => [processId(one.netns, one.name), one]));
  return ports.flatMap((claim) => {
    const own = claim.process === undefined ? undefined : byId.get(claim.process);
    if (own === undefined) return [];
    const holders = { need: 'port-holders', netns: claim.netns, key: String(claim.ports.first) } as const;
    return [{ claim, holders, process: { need: 'process', netns: own.netns, key: `${lab}/${own.name}` } as const }];
  });
}

/** The ports on which programs of the lab are to listen, and the programs of others that listen there. */
function findHolderRivals(lab: Lab, live: LiveState): readonly HolderRival[] {
  const rivals = heldClaims(lab).flatMap(({ claim, holders, process }): HolderRival[] => {
    const pids = live.get(process)?.pids ?? [];
    const listener = live.get(holders)?.find((one) => meets(claim, one) && !pids.includes(one.pid));
    return listener === undefined ? [] : [{ claim, listener }];
  });
  return firstOfEachPlace(rivals);
}

type HolderRival = { readonly claim: LabPortClaim; readonly listener: PortHolder };

const EVERY = ['0.0.0.0', '::'];

/** A socket that listens at :: accepts IPv4 too, unless IPV6_V6ONLY is set. */
function meets(claim: LabPortClaim, { protocol, address, port }: Listener): boolean {
  if (claim.isHeld) return false;
  if (!claim.protocols.includes(protocol) || port < claim.ports.first || port > claim.ports.last) return false;
  if (address === '::') return true;
  if (address.includes(':') !== (claim.family === 6)) return false;
  return claim.address === null || address === '0.0.0.0' || address === claim.address;
}
