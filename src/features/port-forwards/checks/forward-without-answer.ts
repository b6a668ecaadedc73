import { portRangePhrase } from '../../../checks/phrases.ts';
import { gatewayRemedy, viaWord } from '../../../checks/traffic/neighbour-words.ts';
import { type Network, type NetworkAddress, networkOf } from '../../../checks/traffic/network.ts';
import { createPathFinder, type PathFinder } from '../../../checks/traffic/path.ts';
import { refusedGateways } from '../../../checks/traffic/refused-gateway.ts';
import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../../model/diagnostics/source-location.ts';
import type { LabForward } from '../../../model/lab.ts';
import { type IpAddress, parseAddress } from '../../../net/address.ts';

/** A port forward to a namespace that is not reached, or that cannot answer the clients. */
export const forwardWithoutAnswer: LabCheck = {
  name: 'forward-without-answer',
  code: 'NF2406',
  ofTraffic: true,
  title: 'Target of a forward cannot answer',
  explain:
    'A warning: a port is forwarded to an address that the forwarding machine or namespace has no route to; or the answers of the target do not come back through it, so that only clients on the LAN of the target, and localhost, get one. The target needs a default route that leads to where the port is forwarded.',
  bad: `
bridges: { back: { subnet: 10.0.3.0/24, gateway: r, address: 10.0.3.254 } }
namespaces:
  web: { interfaces: { eth0: { bridge: back } }, publish: ["8080:80"] }
  r: { forwarding: true, interfaces: { eth0: { bridge: back } } }
`,
  good: `
bridges: { back: { subnet: 10.0.3.0/24, address: 10.0.3.254 } }
namespaces:
  web: { interfaces: { eth0: { bridge: back } }, publish: ["8080:80"] }
`,
  find: (topology, lab) => {
    if (lab.forwards.length === 0) return [];
    const network = networkOf(topology, lab);
    const paths = createPathFinder(network);
    const isRefused = refusedGateways(topology, lab);
    const routed = new Set(lab.routes.map(({ netns, to }) => `${netns} ${to.includes(':') ? 6 : 4}`));
    const seen = new Set<string>();
    return lab.forwards.flatMap((forward): readonly Diagnostic[] => {
      const key = `${forward.netns} ${forward.target.address}`;
      if (seen.has(key)) return [];
      seen.add(key);
      const [target, ...others] = network.owners.get(forward.target.address) ?? [];
      const address = parseAddress(forward.target.address);
      if (!target || others.length > 0 || !address || target.netns === forward.netns || !target.lan) return [];
      if (forward.dev === null) return target.lan.isOpen ? [] : [unreached(network, forward, target)];
      if (isRefused(target)) return [];
      return unanswered({ network, paths, routed }, { forward, target, address });
    });
  },
};

/** `port 8080 of the host is forwarded to web (10.0.3.1)`. */
const phrase = ({ netns, ports, target }: LabForward, { netns: owner }: NetworkAddress): string =>
  `port ${portRangePhrase(ports)} of ${netnsWords(netns)} is forwarded to ${owner} (${target.address})`;

const netnsWords = (netns: string): string => (netns === 'host' ? 'the host' : netns);

function unreached(network: Network, forward: LabForward, target: NetworkAddress): Diagnostic {
  const { netns, at } = forward;
  const hint = target.lan ? gatewayRemedy(network, target.lan, netns) : null;
  const message = `${phrase(forward, target)}, but ${netnsWords(netns)} has no address on ${target.lan?.lan.label} and no route there`;
  return makeDiagnostic('forward-without-answer', atValue(at), message, { severity: 'warning', hint });
}

type AnswerContext = { readonly network: Network; readonly paths: PathFinder; readonly routed: ReadonlySet<string> };
type ForwardTarget = { readonly forward: LabForward; readonly target: NetworkAddress; readonly address: IpAddress };

/** Addresses that only a default route leads to. */
const ELSEWHERE = { 4: parseAddress('240.0.0.1'), 6: parseAddress('4000::1') } as const;

function unanswered(
  { network, paths, routed }: AnswerContext,
  { forward, target, address }: ForwardTarget,
): readonly Diagnostic[] {
  const { netns, at } = forward;
  const there = paths.follow(netns, address);
  const outside = ELSEWHERE[address.family];
  if (there.end !== 'arrived' || there.last !== target.netns || !outside) return [];
  const back = paths.follow(target.netns, outside, netns);
  // Its clients may be those that it has routes to.
  const hasOwnRoutes = back.last === target.netns && routed.has(`${target.netns} ${address.family}`);
  if (back.end !== 'nowhere' || hasOwnRoutes) return [];
  const lan = target.lan?.members.has(netns) ? target.lan : null;
  const via = lan && viaWord(network, { netns: target.netns, neighbour: netns, lan, family: address.family });
  const words =
    back.last === target.netns
      ? `${target.netns} has no default route for its answers`
      : `its answers go to ${back.last}, which has no route for them`;
  return [
    makeDiagnostic('forward-without-answer', atValue(at), `${phrase(forward, target)}, but ${words}`, {
      severity: 'warning',
      hint:
        via === null
          ? `give ${target.netns} a default route that leads to ${netnsWords(netns)}`
          : `add to ${target.netns}: routes: [{ to: default, via: ${via} }]`,
    }),
  ];
}
