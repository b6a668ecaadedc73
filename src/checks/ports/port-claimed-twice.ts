import type { LabCheck } from '../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { LabPortClaim } from '../../model/lab-parts/lab-registers.ts';
import type { Protocol } from '../../model/topology.ts';
import { appendTo } from '../../model/values/group-by.ts';
import { netnsPhrase, portRangePhrase } from '../phrases.ts';

type ProtocolClaim = { readonly claim: LabPortClaim; readonly protocol: Protocol };

/** Two forwards that listen on one port. */
export const portClaimedTwice: LabCheck = {
  name: 'port-claimed-twice',
  code: 'NF2401',
  rank: 140,
  title: 'Port claimed by two forwards',
  explain:
    'Two entries under `portForwards` or `publish` listen on the same port and protocol, at the same address or one of them at every address. Only the first would ever be used.',
  bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, publish: ["8080:80"] }
  blue: { interfaces: { eth0: { bridge: lan } }, publish: ["8080:80"] }
`,
  good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, publish: ["8080:80"] }
  blue: { interfaces: { eth0: { bridge: lan } }, publish: ["8081:80"] }
`,
  find: (_topology, lab) => {
    const reported = new Set<string>();
    const offered = new Set<number>();
    const local = new Set(
      lab.addresses.flatMap(({ netns, prefixes }) => prefixes.map((prefix) => `${netns} ${prefix.split('/')[0]}`)),
    );
    return claimGroups(lab).flatMap((claims) =>
      clashes(claims, local).flatMap(([first, second]) => {
        const place = second.claim.at.join('/');
        if (reported.has(place)) return [];
        reported.add(place);
        const free = freePort(lab, second.claim, offered);
        offered.add(free);
        return [diagnosticFor(first.claim, second, free)];
      }),
    );
  },
};

/** Groups claims that can conflict, by namespace, family and protocol, in the order of the file. */
function claimGroups(lab: Lab): readonly (readonly ProtocolClaim[])[] {
  const groups = new Map<string, ProtocolClaim[]>();
  for (const claim of lab.ports) {
    for (const protocol of claim.protocols)
      appendTo(groups, `${claim.netns} ${claim.family} ${protocol}`, { claim, protocol });
  }
  return [...groups.values()];
}

type OrderedClaim = { readonly entry: ProtocolClaim; readonly order: number };

/** Sweeps the ranges by first port and keeps, for each address and for all, the range with the highest last port. */
function clashes(
  claims: readonly ProtocolClaim[],
  local: ReadonlySet<string>,
): readonly (readonly [ProtocolClaim, ProtocolClaim])[] {
  const sorted = claims
    .map((entry, order): OrderedClaim => ({ entry, order }))
    .sort((a, b) => a.entry.claim.ports.first - b.entry.claim.ports.first || a.order - b.order);
  const furthest = new Map<string, OrderedClaim>();
  return sorted.flatMap((one) => {
    const { address, ports, netns } = one.entry.claim;
    // A forward without an address is for the addresses of the namespace; others are routed to it, as those of services.
    const isLocal = address === null || address.startsWith('127.') || local.has(`${netns} ${address}`);
    const rivals = address === null ? ['every'] : isLocal ? ['any', address] : [address];
    const rival = rivals
      .map((key) => furthest.get(key))
      .find((other) => other !== undefined && other.entry.claim.ports.last >= ports.first);
    for (const key of [...(isLocal ? ['every'] : []), address ?? 'any']) {
      const present = furthest.get(key);
      if (!present || present.entry.claim.ports.last < ports.last) furthest.set(key, one);
    }
    if (!rival) return [];
    return [rival.order < one.order ? [rival.entry, one.entry] : [one.entry, rival.entry]] as const;
  });
}

/** The first port above a claim that nothing in its namespace claims, and that was not offered before. */
function freePort({ ports }: Lab, { netns, ports: own }: LabPortClaim, offered: ReadonlySet<number>): number {
  const others = ports.filter((one) => one.netns === netns);
  let port = own.last + 1;
  while (offered.has(port) || others.some(({ ports: { first, last } }) => first <= port && port <= last)) port++;
  return port;
}

function diagnosticFor(first: LabPortClaim, { claim, protocol }: ProtocolClaim, free: number): Diagnostic {
  const { netns, ports, address, at } = claim;
  const where = address ?? first.address;
  const from = Math.max(ports.first, first.ports.first);
  const to = Math.min(ports.last, first.ports.last);
  const shared = portRangePhrase({ first: from, last: to });
  const words = `${from === to ? 'port' : 'ports'} ${shared}/${protocol}${where ? ` at ${where}` : ''}`;
  const isPart = first.ports.first !== from || first.ports.last !== to;
  const whole = isPart ? `, with ${portRangePhrase(first.ports)}` : '';
  const place = where && netns === 'host' ? '' : ` of ${netnsPhrase(netns)}`;
  return makeDiagnostic(
    'port-claimed-twice',
    atValue(at),
    `${words}${place} ${from === to ? 'is' : 'are'} already ${first.use}${whole}`,
    {
      related: [{ at: atValue(first.at), message: 'first claimed here' }],
      hint: `listen on another port, such as ${free}, or on another address`,
    },
  );
}
