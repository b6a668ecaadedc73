import type { LabModel } from '../../lab/model.ts';
import { projectOf } from '../../lab/selectors/select.ts';
import type { LabPortClaim } from '../../model/lab-parts/lab-registers.ts';
import type { Isolation } from './isolations.ts';
import { cidrsOf, networksOf, podAddresses, uniquePeers } from './peers.ts';
import type { PolicyDirection, PolicyPass } from './rule.ts';
import type { TopologyPolicy, TopologyPolicyRule, UnknownPolicyPort } from './topology.ts';

type NamedPorts = ReadonlyMap<string, readonly { readonly netns: string; readonly claim: LabPortClaim }[]>;

/** The ports that have names, by name. */
export function namedPorts(ports: readonly LabPortClaim[]): NamedPorts {
  const found = new Map<string, { netns: string; claim: LabPortClaim }[]>();
  for (const claim of ports) {
    if (claim.name === undefined) continue;
    const known = found.get(claim.name) ?? [];
    found.set(claim.name, known);
    known.push({ netns: claim.netns, claim });
  }
  return found;
}

type PassContext = { readonly named: NamedPorts; readonly unknownPorts: UnknownPolicyPort[] };

/** All that the policies of a namespace let pass: any one of their rules is enough. */
export function passesFor(
  world: LabModel,
  { netns, direction, policies }: Isolation,
  context: PassContext,
): readonly PolicyPass[] {
  const all = policies.flatMap((policy) =>
    (policy[direction] ?? []).flatMap((rule) => rulePasses(world, rule, { ...context, policy, netns, direction })),
  );
  return [...new Map(all.map((pass) => [JSON.stringify(pass), pass])).values()];
}

type PolicyRuleContext = PassContext & {
  readonly policy: TopologyPolicy;
  readonly netns: string;
  readonly direction: PolicyDirection;
};

/** A port by its name is that of the namespace at the receiving end: of `ingress` the selected one, of `egress` each peer by itself. */
function rulePasses(
  world: LabModel,
  { peers, ports }: TopologyPolicyRule,
  context: PolicyRuleContext,
): readonly PolicyPass[] {
  const { policy, netns, direction, named, unknownPorts } = context;
  const found = peers === null ? null : peers.flatMap((peer) => networksOf(world, peer, projectOf(policy)));
  const cidrs = found && uniquePeers(found);
  const plain = (ports ?? []).flatMap(({ value }) =>
    'name' in value.ports ? [] : value.protocols.map((protocol) => ({ protocol, ports: value.ports as never })),
  );
  const passes: PolicyPass[] =
    ports === null ? [{ peers: cidrs, ports: null }] : plain.length > 0 ? [{ peers: cidrs, ports: plain }] : [];
  for (const { value, at } of ports ?? []) {
    if (!('name' in value.ports)) continue;
    const { name } = value.ports;
    const own = (named.get(name) ?? []).filter(({ claim }) =>
      claim.protocols.some((one) => value.protocols.includes(one)),
    );
    if (direction === 'ingress') {
      const mine = own.filter((one) => one.netns === netns).map(({ claim }) => claim);
      if (own.length === 0) unknownPorts.push({ policy: policy.name, name, at });
      if (mine.length > 0) passes.push({ peers: cidrs, ports: portsOf(mine) });
      continue;
    }
    if (own.length === 0) unknownPorts.push({ policy: policy.name, name, at });
    for (const peer of new Set(own.map((one) => one.netns))) {
      const addresses = cidrsOf(podAddresses(world, peer));
      const reached =
        cidrs === null ? addresses : addresses.filter((one) => cidrs.some((peerNet) => peerNet.cidr === one.cidr));
      const claims = own.filter((one) => one.netns === peer).map(({ claim }) => claim);
      if (reached.length > 0) passes.push({ peers: reached, ports: portsOf(claims) });
    }
  }
  return passes;
}

const portsOf = (claims: readonly LabPortClaim[]): NonNullable<PolicyPass['ports']> => [
  ...new Map(
    claims.flatMap(({ protocols, ports }) =>
      protocols.map((protocol) => [`${protocol} ${ports.first}`, { protocol, ports }] as const),
    ),
  ).values(),
];
