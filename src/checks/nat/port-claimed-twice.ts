import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { Lab, LabForward } from '../../model/lab.ts';
import type { Protocol } from '../../model/topology.ts';
import { appendTo } from '../../model/values/group-by.ts';
import type { LabCheck } from '../check.ts';
import { netnsPhrase, portRangePhrase } from '../phrases.ts';

type PortClaim = { readonly forward: LabForward; readonly protocol: Protocol };

/** Two forwards that listen on one port. */
export const portClaimedTwice: LabCheck = {
  name: 'port-claimed-twice',
  title: 'A port claimed by two forwards',
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
    return claimGroups(lab).flatMap((claims) =>
      clashes(claims).flatMap(([first, claim]) => {
        if (reported.has(claim.forward.at.join('/'))) return [];
        reported.add(claim.forward.at.join('/'));
        return [diagnosticFor(first, claim)];
      }),
    );
  },
};

/** Claims that could meet: by namespace, family and protocol, in the order of the file. */
function claimGroups(lab: Lab): readonly (readonly PortClaim[])[] {
  const groups = new Map<string, PortClaim[]>();
  for (const forward of lab.forwards) {
    for (const protocol of forward.protocols)
      appendTo(groups, `${forward.netns} ${forward.family} ${protocol}`, { forward, protocol });
  }
  return [...groups.values()];
}

/** One pass over the ranges by first port, remembering, for each address and for all, the one that reaches furthest. */
function clashes(claims: readonly PortClaim[]): readonly (readonly [PortClaim, PortClaim])[] {
  const sorted = claims
    .map((claim, order) => ({ claim, order }))
    .sort((a, b) => a.claim.forward.ports.first - b.claim.forward.ports.first || a.order - b.order);
  const furthest = new Map<string, { readonly claim: PortClaim; readonly order: number }>();
  return sorted.flatMap((entry) => {
    const { address, ports } = entry.claim.forward;
    const rivals = address === null ? ['every'] : ['any', address];
    const rival = rivals
      .map((key) => furthest.get(key))
      .find((other) => other !== undefined && other.claim.forward.ports.last >= ports.first);
    for (const key of ['every', address ?? 'any']) {
      const present = furthest.get(key);
      if (!present || present.claim.forward.ports.last < ports.last) furthest.set(key, entry);
    }
    if (!rival) return [];
    return [rival.order < entry.order ? [rival.claim, entry.claim] : [entry.claim, rival.claim]] as const;
  });
}

function diagnosticFor(first: PortClaim, claim: PortClaim): Diagnostic {
  const { netns, ports, address } = claim.forward;
  const where = address ?? first.forward.address;
  const from = Math.max(ports.first, first.forward.ports.first);
  const to = Math.min(ports.last, first.forward.ports.last);
  const shared = portRangePhrase({ first: from, last: to });
  const words = `${from === to ? 'port' : 'ports'} ${shared}/${claim.protocol}${where ? ` at ${where}` : ''}`;
  return makeDiagnostic(
    'port-claimed-twice',
    atValue(claim.forward.at),
    `${words}${where && netns === 'host' ? '' : ` of ${netnsPhrase(netns)}`} ${from === to ? 'is' : 'are'} already forwarded to ${first.forward.target.label}`,
    {
      related: [{ at: atValue(first.forward.at), message: 'first claimed here' }],
      hint: 'listen on another port, or on another address',
    },
  );
}
