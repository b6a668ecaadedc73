import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type Path } from '../../model/diagnostics/source-location.ts';
import type { Topology, TopologyBridge, TopologyNetns, TopologySplit, TopologySubnet } from '../../model/topology.ts';
import { addressBits } from '../../net/address.ts';
import { shortLinkName } from '../../net/name.ts';
import { formatPrefix, type Prefix } from '../../net/prefix.ts';
import { didYouMeanHint, joinLimited } from '../messages.ts';
import type { LabModelInput } from '../model.ts';
import { expandSelectors } from '../selectors/expand.ts';
import { firstAddresses, firstOfNothing } from './first-addresses.ts';
import { assignShares } from './shares.ts';
import { namedSubnetPrefixes } from './subnets.ts';

type SplitInput = Pick<LabModelInput, 'currentAddresses' | 'report'>;

/**
 * The topology with each share of a subnet that is split as a subnet of its own, called `pods@node-1`; bridges in a namespace
 * that has one use it in the place of the whole. The addresses that `first` asks for are written at their bridges.
 */
export function splitSubnets(topology: Topology, input: SplitInput): Topology {
  const everywhere = [topology.host, ...topology.namespaces];
  const isPlain = topology.subnets.every(({ split }) => split === undefined);
  if (isPlain && everywhere.every(({ bridges }) => bridges.every(({ first }) => first === undefined))) return topology;
  const shared = new Map(
    topology.subnets.flatMap((subnet) =>
      subnet.split ? [[subnet.name, sharesOf(subnet, subnet.split, { topology, ...input })] as const] : [],
    ),
  );
  const subnets = [...topology.subnets, ...[...shared.values()].flatMap((shares) => [...shares.values()])];
  const withShares = (netns: TopologyNetns): TopologyNetns => ({
    ...netns,
    bridges: netns.bridges.map((bridge) => {
      if (bridge.first && bridge.subnets.length === 0) input.report(firstOfNothing(bridge.first));
      const own = { ...bridge, subnets: ownShares(bridge.subnets, { netns, shared, report: input.report }) };
      return { ...own, addresses: [...own.addresses, ...firstAddresses(own, subnets)] };
    }),
  });
  return {
    ...topology,
    subnets,
    host: { ...topology.host, ...withShares(topology.host) },
    namespaces: topology.namespaces.map((netns) => ({ ...netns, ...withShares(netns) })),
  };
}

type OwnShareContext = Pick<SplitInput, 'report'> & {
  readonly netns: TopologyNetns;
  readonly shared: ReadonlyMap<string, ReadonlyMap<string, TopologySubnet>>;
};

function ownShares(
  subnets: TopologyBridge['subnets'],
  { netns, shared, report }: OwnShareContext,
): TopologyBridge['subnets'] {
  return subnets.flatMap((one) => {
    const shares = 'name' in one.value ? shared.get(one.value.name) : undefined;
    if (!shares || !('name' in one.value)) return [one];
    const share = shares.get(netns.name);
    if (share) return [{ value: { name: share.name }, at: one.at }];
    const message = `${netns.name} has no share of ${one.value.name}`;
    const hint = `add it to \`among\` of ${one.value.name}; there ${shares.size === 1 ? 'is' : 'are'} ${joinLimited([...shares.keys()])}`;
    report(makeDiagnostic('bad-split', atValue(one.at), message, { hint }));
    return [];
  });
}

type ShareContext = SplitInput & { readonly topology: Topology };

/** The shares of a subnet by namespace; those that there is no room for are left out, and reported. */
function sharesOf(
  subnet: TopologySubnet,
  split: TopologySplit,
  context: ShareContext,
): ReadonlyMap<string, TopologySubnet> {
  const members = membersOf(split, context);
  const pools = namedSubnetPrefixes(subnet);
  const lengths = shareLengths(subnet, { split, pools, count: members.length, report: context.report });
  if (lengths === null) return new Map();
  const shares = pools.map(({ prefix }, i) => ({ prefix, length: lengths[i] ?? prefix.length }));
  const room = shares.map(({ prefix, length }) => 2 ** Math.min(length - prefix.length, 40));
  const taken = assignShares(members, { shares, room: Math.min(...room), currentOf: currentOf(subnet.name, context) });
  return new Map(
    [...taken].map(([netns, index]) => [
      netns,
      toShare(subnet, { netns, index, shares, isRange: split.lengths.length === 0 }),
    ]),
  );
}

type ShareSize = { readonly prefix: Prefix; readonly length: number };

function toShare(
  subnet: TopologySubnet,
  {
    netns,
    index,
    shares,
    isRange,
  }: {
    readonly netns: string;
    readonly index: number;
    readonly shares: readonly ShareSize[];
    readonly isRange: boolean;
  },
): TopologySubnet {
  const { split: _, ...plain } = subnet;
  return {
    ...plain,
    name: `${subnet.name}@${netns}`,
    cidrs: shares.map(({ prefix: { family, value }, length }, i) => ({
      value: formatPrefix({
        family,
        length,
        value: value + (BigInt(index) << BigInt(addressBits(family) - length)),
      }),
      at: subnet.cidrs[i]?.at ?? subnet.at,
    })),
    ...(isRange ? { within: shares.map(({ prefix }) => formatPrefix(prefix)) } : {}),
  };
}

/** The namespaces that get a share, each once. */
function membersOf({ among }: TopologySplit, { topology, report }: ShareContext): readonly string[] {
  const all = topology.namespaces.map(({ name }) => name);
  const known = new Set(['host', ...all]);
  const names = expandSelectors({ topology, report }, among).flatMap(({ value, at }) => {
    const name = 'ref' in value && value.ref.part === null ? value.ref.name : null;
    if (name !== null && known.has(name)) return [name];
    const written = 'ref' in value ? [value.ref.name, value.ref.part].filter(Boolean).join(':') : value.address;
    const hint = didYouMeanHint(written, all, 'namespaces');
    report(makeDiagnostic('unknown-namespace', atValue(at), `there is no namespace ${written}`, { hint }));
    return [];
  });
  return [...new Set(names)];
}

type ShareLengthContext = {
  readonly split: TopologySplit;
  readonly pools: readonly { readonly prefix: Prefix; readonly at: Path }[];
  readonly count: number;
  readonly report: SplitInput['report'];
};

/** The prefix length of a share of each pool; null, and reported: there is no such share. */
function shareLengths(
  { name, cidrs }: TopologySubnet,
  { split, pools, count, report }: ShareLengthContext,
): readonly number[] | null {
  const fail = (at: ReturnType<typeof atValue>, message: string, hint: string): null => {
    report(makeDiagnostic('bad-split', at, message, { hint }));
    return null;
  };
  // An address of the pool that is wrong has been reported.
  if (pools.length < cidrs.length || pools.length === 0 || count === 0) return null;
  const { lengths } = split;
  if (lengths.length > 0 && lengths.length !== pools.length) {
    const texts = pools.map(({ prefix }) => formatPrefix(prefix)).join(' and ');
    const hint = `write a list with one for each of ${texts}`;
    return fail(atKey(split.at), `${name} has ${pools.length} networks, and \`prefix\` ${lengths.length}`, hint);
  }
  const needed = Math.max(1, Math.ceil(Math.log2(count)));
  const found = pools.map(({ prefix }, i) => lengths[i]?.value ?? prefix.length + needed);
  for (const [i, { prefix, at }] of pools.entries()) {
    const [length, text, written] = [found[i] ?? 0, formatPrefix(prefix), lengths[i]];
    const most = addressBits(prefix.family) - 2;
    if (length <= prefix.length || length > most) {
      const hint = written ? `write a number from ${prefix.length + 1} to ${most}` : 'write a larger network';
      return fail(atValue(written?.at ?? at), `${text} has no shares of the length ${length}`, hint);
    }
    if (2 ** (length - prefix.length) < count) {
      const hint = `write prefix: ${prefix.length + needed}, or a larger network`;
      const message = `${text} has ${2 ** (length - prefix.length)} shares of /${length}, and ${count} namespaces want one`;
      return fail(atValue(written?.at ?? at), message, hint);
    }
  }
  return found;
}

/** The addresses that a namespace has in a pool already: those of its bridges there, and of what is on them. */
function currentOf(subnet: string, { topology, currentAddresses }: ShareContext): (netns: string) => readonly string[] {
  const everywhere = [topology.host, ...topology.namespaces];
  const keys = new Map<string, string[]>();
  const bridges = everywhere.flatMap(({ name: netns, bridges }) =>
    bridges.flatMap(({ name, subnets }) =>
      subnets.some(({ value }) => 'name' in value && value.name === subnet) ? [{ netns, name }] : [],
    ),
  );
  const owners = new Map(bridges.map(({ netns, name }) => [`${netns}:${name}`, netns]));
  for (const { netns, name } of bridges)
    keys.set(netns, [...(keys.get(netns) ?? []), `${netns}/${shortLinkName(name)}`]);
  for (const { name: netns, interfaces } of everywhere) {
    for (const { name, bridge } of interfaces) {
      if (bridge === null) continue;
      const { name: first, part } = bridge.value;
      const owner = owners.get(part === null ? `host:${first}` : `${first}:${part}`) ?? owners.get(`${netns}:${first}`);
      if (owner !== undefined) keys.get(owner)?.push(`${netns}/${shortLinkName(name)}`);
    }
  }
  return (netns) => (keys.get(netns) ?? []).flatMap((key) => currentAddresses[key] ?? []);
}

/** The entry of `bad-split` in docs/checks.md. */
export const badSplitDoc: CheckDoc = {
  name: 'bad-split',
  code: 'NF2114',
  title: 'Subnet that cannot be split',
  explain:
    'A subnet with `split` has a share for each namespace under `among`: of the length `prefix`, or, without it, a range of the one network. There have to be enough shares, and a bridge can use only that of its own namespace.',
  bad: `
subnets: { pods: { cidr: 10.244.0.0/23, split: { prefix: 24, among: [n1, n2, n3] } } }
namespaces:
  n1: { bridges: { cni0: { subnet: pods, address: first } } }
  n2: { bridges: { cni0: { subnet: pods, address: first } } }
  n3: { bridges: { cni0: { subnet: pods, address: first } } }
`,
  good: `
subnets: { pods: { cidr: 10.244.0.0/16, split: { prefix: 24, among: [n1, n2, n3] } } }
namespaces:
  n1: { bridges: { cni0: { subnet: pods, address: first } } }
  n2: { bridges: { cni0: { subnet: pods, address: first } } }
  n3: { bridges: { cni0: { subnet: pods, address: first } } }
`,
};
