import type { LabModel } from '../../lab/model.ts';
import { namedPorts } from '../../lab/naming/named-ports.ts';
import type { FeatureContext, FeatureContribution } from '../../lab/registers.ts';
import { isUsual, podAddresses } from '../../lab/selectors/peers.ts';
import { BRIDGE_FILTER } from '../../lab/wiring/bridge-filter.ts';
import type { LabNftRule, LabPortClaim } from '../../model/lab-parts/lab-registers.ts';
import { type Isolation, isolationsOf } from './isolations.ts';
import { createPasses, resolvePolicyPeers, unknownPortsOf } from './passes.ts';
import { createPolicyPlaces, nodeAddresses, type PolicyPlaces } from './places.ts';
import type { PolicyRule } from './rule.ts';
import { type UnknownPolicyPort, writtenPolicies } from './topology.ts';

/** The name of the part of the table. */
export const POLICIES = 'policies';

/**
 * What policies add: the bridges whose frames have to pass netfilter, and, when the ports that have names are known, the rules. They
 * stand where packets are forwarded and a bridge of the lab has the frames, after addresses of services were translated. Where no such
 * bridge has them, they stand in the namespace itself, too: packets to services pass there, and are asked for where they are translated.
 */
export function resolvePolicies(context: FeatureContext): FeatureContribution {
  const { world } = context;
  const policies = writtenPolicies(world.topology);
  if (policies.length === 0) return {};
  const isolated = isolationsOf(world, policies);
  const hasServices = context.named.some(({ service }) => service !== undefined);
  const canFilter = context.live.get(BRIDGE_FILTER) !== null;
  const placesOf = createPolicyPlaces({ world, routes: context.routes, canFilter, hasServices });
  const placeOf = new Map([...new Set(isolated.map(({ netns }) => netns))].map((netns) => [netns, placesOf(netns)]));
  const peersOf = resolvePolicyPeers(world, policies);
  const unknownPorts: UnknownPolicyPort[] = [];
  return {
    value: { unknownPorts },
    filtered: [...new Set([...placeOf.values()].flatMap(({ bridges }) => bridges))],
    later: ({ ports }) => {
      const named = namedPorts(ports);
      unknownPorts.push(...unknownPortsOf(policies, named));
      const passesOf = createPasses(world, { named, peersOf });
      return { nft: toNftRules(world, isolated, { placeOf, passesOf, ports }) };
    },
  };
}

type RulePlaceContext = {
  readonly placeOf: ReadonlyMap<string, PolicyPlaces>;
  readonly passesOf: ReturnType<typeof createPasses>;
  readonly ports: readonly LabPortClaim[];
};

/** One rule for all namespaces that are seen at one place and that the same rules isolate. */
function toNftRules(
  world: LabModel,
  isolated: readonly Isolation[],
  { placeOf, passesOf, ports }: RulePlaceContext,
): readonly LabNftRule[] {
  const translatedOf = translatedAddresses(world, ports);
  const rules = new Map<
    string,
    { netns: string; rule: PolicyRule & { pods: PolicyRule['pods'][number][] }; at: LabNftRule['at'] }
  >();
  for (const one of isolated) {
    const { netns, direction } = one;
    const { nodes = [], self = true } = placeOf.get(netns) ?? {};
    const policies = one.policies.map(({ name }) => name);
    const { key: same, passes } = passesOf(one);
    const translated = self && direction === 'egress' ? translatedOf(nodes) : [];
    const translating = self ? nodes.filter((node) => translatedOf([node]).length > 0) : [];
    const near = self ? [...new Set([...nodeAddresses(world, netns, translating), ...translated])] : [];
    for (const place of [...nodes, ...(self ? [netns] : [])]) {
      const own = place === netns;
      // A bridge that is not where services are translated has frames before that, too, and those of the node that did.
      const passesNodes = own || (translating.length > 0 && !translating.includes(place));
      const nearby = passesNodes ? near : [];
      const key = `${place} ${own} ${same} ${nearby.join()}`;
      const rule = rules.get(key)?.rule ?? { direction, own, policies, pods: [], passes, nodes: nearby };
      rules.set(key, { netns: place, rule, at: one.policies[0]?.at ?? [] });
      rule.pods.push({ name: netns, addresses: podAddresses(world, netns) });
    }
  }
  return [...rules.values()].map(({ netns, rule, at }) => ({ netns, part: POLICIES, rule: rule as never, at }));
}

/** Addresses that a node translates and that no link of the lab has: those of services. */
function translatedAddresses(
  world: LabModel,
  ports: readonly LabPortClaim[],
): (nodes: readonly string[]) => readonly string[] {
  const owned = new Set([...world.addressesByNetns.values()].flatMap((all) => all.map(({ address }) => address)));
  const byNode = new Map<string, Set<string>>();
  for (const { netns, address } of ports) {
    if (address === null || owned.has(address) || !isUsual(address)) continue;
    byNode.set(netns, (byNode.get(netns) ?? new Set()).add(address));
  }
  return (nodes) => [...new Set(nodes.flatMap((netns) => [...(byNode.get(netns) ?? [])]))];
}
