import { defineNftPart } from '../../kinds/nft/part.ts';
import { transitionText } from '../../kinds/plan-line.ts';
import { joinLimited } from '../../lab/messages.ts';
import { policyStatements } from './nft-statements.ts';
import type { PolicyPass, PolicyRule } from './rule.ts';

/** Policies in the lab's table: maps to one chain for each list of rules. */
export const policiesPart = defineNftPart<PolicyRule>({
  name: 'policies',
  statements: policyStatements,
  describe: {
    noun: 'policy',
    key: ({ direction, own, policies, pods }) => JSON.stringify([direction, own, policies, pods[0]?.name]),
    title: ({ policies, direction, pods }) =>
      `${policies.join(' + ')} ${direction} of ${joinLimited(pods.map(({ name }) => name))}`,
    text: (before, after) => transitionText(before && passesText(before), after && passesText(after)),
  },
  // Rules of others are not compared with a policy: there is no one way to write it.
  equivalent: { keys: (rule) => [JSON.stringify(rule)], found: () => [] },
  opens: (before, after) => {
    const now = passesByPod(after);
    return [...passesByPod(before)].some(([pod, had]) => {
      const has = now.get(pod);
      return has === undefined || [...has].some((pass) => !had.has(pass));
    });
  },
  staleConntrack: () => [],
});

/** What passes, by direction and namespace: `ingress db`. Made once for all namespaces of a rule. */
const passesByPod = (rules: readonly PolicyRule[]): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(
    rules.flatMap(({ direction, pods, passes }) => {
      const texts = new Set(passes.map((pass) => JSON.stringify(pass)));
      return pods.map(({ name }) => [`${direction} ${name}`, texts] as const);
    }),
  );

/** `from 10.1.0.2/32 to 80/tcp`; `nothing passes`. */
function passesText({ direction, passes }: PolicyRule): string {
  if (passes.length === 0) return 'nothing passes';
  return joinLimited(passes.map((pass) => passText(pass, direction)));
}

function passText({ peers, ports }: PolicyPass, direction: PolicyRule['direction']): string {
  const who =
    peers === null
      ? 'all'
      : joinLimited(peers.map(({ cidr, except }) => cidr + (except.length > 0 ? ' but some' : '')));
  const what =
    ports === null
      ? ''
      : ` port ${joinLimited(ports.map(({ protocol, ports: { first, last } }) => `${first === last ? first : `${first}-${last}`}/${protocol}`))}`;
  return `${direction === 'ingress' ? 'from' : 'to'} ${who || 'no one'}${what}`;
}
