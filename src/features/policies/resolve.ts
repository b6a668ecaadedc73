import type { LabModel } from '../../lab/model.ts';
import type { FeatureContext, FeatureContribution } from '../../lab/registers.ts';
import type { LabNftRule } from '../../model/lab-parts/lab-registers.ts';
import { type Isolation, isolationsOf } from './isolations.ts';
import { createPasses, namedPorts, resolvePolicyPeers, unknownPortsOf } from './passes.ts';
import { podAddresses } from './peers.ts';
import { nodeAddresses, type PolicyPlaces, placesOf } from './places.ts';
import type { PolicyRule } from './rule.ts';
import { type UnknownPolicyPort, writtenPolicies } from './topology.ts';

/** The name of the part of the table. */
export const POLICIES = 'policies';

/**
 * What policies add: the bridges whose frames have to pass netfilter, and, when the ports that have names are known, the rules. They
 * stand where a bridge of the lab has the frames, after addresses of services were translated, else in the namespace itself.
 */
export function resolvePolicies(context: FeatureContext): FeatureContribution {
  const { world } = context;
  const policies = writtenPolicies(world.topology);
  if (policies.length === 0) return {};
  const isolated = isolationsOf(world, policies);
  const canFilter = context.live.get(BRIDGE_FILTER) !== null;
  const placeOf = new Map(
    [...new Set(isolated.map(({ netns }) => netns))].map((netns) => [netns, placesOf(world, netns, canFilter)]),
  );
  const peersOf = resolvePolicyPeers(world, policies);
  const unknownPorts: UnknownPolicyPort[] = [];
  return {
    value: { unknownPorts },
    filtered: [...new Set([...placeOf.values()].flatMap(({ bridges }) => bridges))],
    later: ({ ports }) => {
      const named = namedPorts(ports);
      unknownPorts.push(...unknownPortsOf(policies, named));
      const passesOf = createPasses(world, { named, peersOf });
      return { nft: toNftRules(world, isolated, { placeOf, passesOf }) };
    },
  };
}

/** Asked of the machine: whether frames between ports of a bridge can pass netfilter (br_netfilter is there). */
export const BRIDGE_FILTER = {
  need: 'sysctl-value',
  netns: 'host',
  key: 'net/bridge/bridge-nf-call-iptables',
} as const;

type RulePlaceContext = {
  readonly placeOf: ReadonlyMap<string, PolicyPlaces>;
  readonly passesOf: ReturnType<typeof createPasses>;
};

/** One rule for all namespaces that are seen at one place and that the same rules isolate. */
function toNftRules(
  world: LabModel,
  isolated: readonly Isolation[],
  { placeOf, passesOf }: RulePlaceContext,
): readonly LabNftRule[] {
  const rules = new Map<
    string,
    { netns: string; rule: PolicyRule & { pods: PolicyRule['pods'][number][] }; at: LabNftRule['at'] }
  >();
  for (const one of isolated) {
    const { netns, direction } = one;
    const places = placeOf.get(netns);
    const own = places === undefined || places.bridges.length === 0;
    const policies = one.policies.map(({ name }) => name);
    const { key: same, passes } = passesOf(one);
    const nodes = own ? nodeAddresses(world, netns) : [];
    for (const place of own ? [netns] : new Set(places.bridges.map((bridge) => bridge.netns))) {
      const key = `${place} ${own} ${same}`;
      const rule = rules.get(key)?.rule ?? { direction, own, policies, pods: [], passes, nodes };
      rules.set(key, { netns: place, rule, at: one.policies[0]?.at ?? [] });
      rule.pods.push({ name: netns, addresses: podAddresses(world, netns) });
    }
  }
  return [...rules.values()].map(({ netns, rule, at }) => ({ netns, part: POLICIES, rule: rule as never, at }));
}
