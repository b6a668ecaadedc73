import { appendTo } from '../../model/values/group-by.ts';
import { bridgeSubnets, inferSubnets } from '../addressing/subnets.ts';
import { formatModelLink } from '../messages.ts';
import type { LabModelInput, LanSegment, ModelLink, ModelWiring, SegmentSubnet } from '../model.ts';

/** The broadcast domains: each bridge with what is wired to it (bridges that a cable or an overlay patches are one), each cable between two interfaces, and links with kinds of their own that no bridge has. */
export function resolveSegments(source: LabModelInput, wiring: ModelWiring): readonly LanSegment[] {
  const root = createRootLookup(wiring);
  const links = new Map<ModelLink, ModelLink[]>(wiring.bridges.map((bridge) => [root(bridge), []]));
  const bridgesBy = new Map<ModelLink, ModelLink[]>();
  for (const bridge of wiring.bridges) appendTo(bridgesBy, root(bridge), bridge);
  for (const bridge of wiring.bridges) appendTo(links, root(bridge), bridge);
  const bridgeOf = new Map<ModelLink, ModelLink>();
  const cables: LanSegment[] = [];
  const tunnels = wiring.links.filter(({ kind, master }) => kind === 'own' && !master);
  const overlays = new Map<ModelLink, ModelLink[]>();
  const onCables = new Map<ModelLink, ModelLink[]>();
  for (const tunnel of tunnels) {
    const first = root(tunnel);
    appendTo(links.has(first) ? links : first.kind === 'end' ? onCables : overlays, first, tunnel);
  }
  for (const { ends, at } of wiring.vethPairs) {
    const [left, right] = ends;
    const master = left.master ?? right.master;
    const free = ends.filter((end) => end.master === null);
    if (master) {
      for (const end of free) {
        appendTo(links, root(master), end);
        bridgeOf.set(end, master);
      }
    } else {
      const links = [...ends, ...(onCables.get(left) ?? [])];
      cables.push({
        label: `${formatModelLink(left)} -- ${formatModelLink(right)}`,
        bridges: [],
        links,
        bridgeByLink: bridgeOf,
        subnets: inferSubnets(links, []),
        at,
      });
    }
  }
  const lans = [...bridgesBy].map(([first, bridges]): LanSegment => {
    const members = links.get(first) ?? [];
    const declared = uniqueSubnets(bridges.flatMap((bridge) => bridgeSubnets(bridge, source)));
    const subnets = [...declared, ...inferSubnets(members, declared)];
    const head = bridges[0] ?? first;
    return { label: formatModelLink(head), bridges, links: members, bridgeByLink: bridgeOf, subnets, at: head.at };
  });
  const among = [...overlays.values()].map((links): LanSegment => {
    const [label, at] = [links.map(formatModelLink).join(' -- '), links[0]?.at ?? []];
    return { label, bridges: [], links, bridgeByLink: bridgeOf, subnets: inferSubnets(links, []), at };
  });
  return [...lans, ...cables, ...among];
}

/** Finds the first bridge, else the first end of a cable or link of a kind of its own, that cables between ports and joins connect a link to. */
function createRootLookup({ vethPairs: wires, joins }: ModelWiring): (bridge: ModelLink) => ModelLink {
  const parent = new Map<ModelLink, ModelLink>();
  const rootOf = (bridge: ModelLink): ModelLink => {
    let root = bridge;
    for (let up = parent.get(root); up; up = parent.get(root)) root = up;
    if (root !== bridge) parent.set(bridge, root);
    return root;
  };
  for (const { ends } of wires) {
    const [left, right] = ends;
    if (left.master && right.master) joinSegments(left.master, right.master, { parent, rootOf });
  }
  for (const [one, other] of joins) joinSegments(one.master ?? one, other.master ?? other, { parent, rootOf });
  return rootOf;
}

type SegmentForest = { readonly parent: Map<ModelLink, ModelLink>; readonly rootOf: (link: ModelLink) => ModelLink };

function joinSegments(left: ModelLink, right: ModelLink, { parent, rootOf }: SegmentForest): void {
  const [a, b] = [rootOf(left), rootOf(right)];
  if (a === b) return;
  if (rank(b) > rank(a)) parent.set(a, b);
  else parent.set(b, a);
}

const rank = ({ kind }: ModelLink): number => (kind === 'switch' ? 2 : kind === 'end' ? 1 : 0);

function uniqueSubnets(subnets: readonly SegmentSubnet[]): readonly SegmentSubnet[] {
  const seen = new Map<string, SegmentSubnet>();
  for (const subnet of subnets) if (!seen.has(subnet.text)) seen.set(subnet.text, subnet);
  return [...seen.values()];
}
