import type { LabModel } from '../../lab/model.ts';
import { claimsOf, type NamedPorts, portsOf } from '../../lab/naming/named-ports.ts';
import { cidrsOf, createAmong, networksOf, podAddresses, uniquePeers } from '../../lab/selectors/peers.ts';
import { projectOf } from '../../lab/selectors/select.ts';
import { groupBy } from '../../model/values/group-by.ts';
import type { Isolation } from './isolations.ts';
import type { PolicyPass } from './rule.ts';
import type { TopologyPolicy, TopologyPolicyRule, UnknownPolicyPort } from './topology.ts';

type Peers = PolicyPass['peers'];

/** What is known of policies and of ports when the rules are made. */
type PassContext = { readonly named: NamedPorts; readonly peersOf: ReadonlyMap<TopologyPolicyRule, Peers> };

/** The networks of the peers of every rule, each resolved and reported once, whoever is selected. */
export const resolvePolicyPeers = (world: LabModel, policies: readonly TopologyPolicy[]): PassContext['peersOf'] =>
  new Map(
    policies.flatMap((policy) =>
      [...(policy.ingress ?? []), ...(policy.egress ?? [])].map((rule): [TopologyPolicyRule, Peers] => [
        rule,
        rule.peers && uniquePeers(rule.peers.flatMap((peer) => networksOf(world, peer, projectOf(policy)))),
      ]),
    ),
  );

/** Names of ports in rules that no namespace has. */
export const unknownPortsOf = (policies: readonly TopologyPolicy[], named: NamedPorts): readonly UnknownPolicyPort[] =>
  policies.flatMap((policy) =>
    [...(policy.ingress ?? []), ...(policy.egress ?? [])].flatMap(({ ports }) =>
      (ports ?? []).flatMap(({ value, at }) =>
        'name' in value.ports && claimsOf(named, value).length === 0
          ? [{ policy: policy.name, name: value.ports.name, at }]
          : [],
      ),
    ),
  );

/**
 * Gives all that the policies of a namespace let pass: any one of their rules is enough. Made once for namespaces that the same
 * policies isolate and that call the same ports by the names in these; `key` is the same for those.
 */
export function createPasses(world: LabModel, context: PassContext) {
  const known = new Map<string, readonly PolicyPass[]>();
  return (one: Isolation): { readonly key: string; readonly passes: readonly PolicyPass[] } => {
    const { direction, policies } = one;
    const rules = policies.flatMap((policy) => policy[direction] ?? []);
    const key = JSON.stringify([
      direction,
      policies.map(({ name }) => name),
      direction === 'ingress' ? ownPorts(rules, one, context) : [],
    ]);
    const passes = known.get(key) ?? unique(rules.flatMap((rule) => rulePasses(world, rule, { ...context, one })));
    known.set(key, passes);
    return { key, passes };
  };
}

const unique = (passes: readonly PolicyPass[]): readonly PolicyPass[] => [
  ...new Map(passes.map((pass) => [JSON.stringify(pass), pass])).values(),
];

/** What the names of ports in rules mean in the selected namespace. */
const ownPorts = (rules: readonly TopologyPolicyRule[], { netns }: Isolation, { named }: PassContext) =>
  rules.flatMap(({ ports }) =>
    (ports ?? []).map(({ value }) => portsOf(claimsOf(named, value).filter((one) => one.netns === netns))),
  );

/** A port by its name is that of the namespace at the receiving end: of `ingress` the selected one, of `egress` each peer by itself. */
function rulePasses(
  world: LabModel,
  rule: TopologyPolicyRule,
  { one: { netns, direction }, named, peersOf }: PassContext & { readonly one: Isolation },
): readonly PolicyPass[] {
  const peers = peersOf.get(rule) ?? null;
  if (rule.ports === null) return [{ peers, ports: null }];
  const values = rule.ports.map(({ value }) => value);
  const plain = values.flatMap(({ ports, protocols }) =>
    'name' in ports ? [] : protocols.map((protocol) => ({ protocol, ports })),
  );
  const called = values.flatMap((value) => claimsOf(named, value));
  if (direction === 'ingress') {
    const all = [...plain, ...portsOf(called.filter((one) => one.netns === netns))];
    return all.length === 0 ? [] : [{ peers, ports: all }];
  }
  const isAmong = createAmong(peers);
  const reached = [...groupBy(called, (one) => one.netns)].flatMap(([peer, claims]) => {
    const addresses = cidrsOf(podAddresses(world, peer)).filter(({ cidr }) => isAmong(cidr));
    return addresses.length === 0 ? [] : [{ addresses, ports: portsOf(claims) }];
  });
  return [
    ...(plain.length === 0 ? [] : [{ peers, ports: plain }]),
    // Those that mean the same by the names are one.
    ...[...groupBy(reached, ({ ports }) => JSON.stringify(ports)).values()].map((same) => ({
      peers: uniquePeers(same.flatMap(({ addresses }) => addresses)),
      ports: same[0]?.ports ?? [],
    })),
  ];
}
