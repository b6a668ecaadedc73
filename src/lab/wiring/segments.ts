import { appendTo, groupBy } from '../../model/values/group-by.ts';
import { bridgeSubnets, inferSubnets } from '../addressing/subnets.ts';
import { formatModelLink } from '../messages.ts';
import type { LabModelInput, LanSegment, ModelLink, ModelNetwork, ModelWiring, SegmentSubnet } from '../model.ts';
import { createLanForest } from './lan-forest.ts';
import { networkSubnets } from './plugin-links.ts';

/** The broadcast domains: each bridge, and each VLAN of one that keeps them apart, with what is wired to it (bridges that a cable or an overlay patches are one), each cable between two interfaces, and links with kinds of their own that no bridge has. */
export function resolveSegments(source: LabModelInput, wiring: ModelWiring): readonly LanSegment[] {
  const { untagged, places, joins } = wiring.vlans;
  const { rootOf: root } = createLanForest(wiring.vethPairs, [...wiring.joins, ...joins], untagged);
  const switches = [...wiring.bridges, ...places];
  const links = new Map<ModelLink, ModelLink[]>(switches.map((bridge) => [root(bridge), []]));
  const bridgesBy = new Map<ModelLink, ModelLink[]>();
  for (const bridge of switches) appendTo(bridgesBy, root(bridge), bridge);
  for (const bridge of switches) appendTo(links, root(bridge), bridge);
  const bridgeOf = new Map<ModelLink, ModelLink>();
  const cables: LanSegment[] = [];
  const tunnels = wiring.links.filter(({ kind, master }) => kind === 'own' && !master);
  const overlays = new Map<ModelLink, ModelLink[]>();
  const onCables = new Map<ModelLink, ModelLink[]>();
  const addTo = (first: ModelLink, member: ModelLink): void =>
    appendTo(links.has(first) ? links : first.kind === 'end' ? onCables : overlays, first, member);
  for (const tunnel of tunnels) addTo(root(tunnel), tunnel);
  for (const { ends, at } of wiring.vethPairs) {
    const [left, right] = ends;
    const port = ends.find((end) => end.master !== null);
    const free = ends.filter((end) => end.master === null);
    const place = port && untagged(port);
    if (place) {
      for (const end of free) {
        addTo(root(place), end);
        if (place.kind !== 'own') bridgeOf.set(end, place);
      }
    } else if (!port || free.length > 0) {
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
  for (const nic of wiring.links)
    if (nic.kind === 'existing' && nic.master) appendTo(links, root(untagged(nic) ?? nic.master), nic);
  const byNetwork = groupBy(
    wiring.links.filter(({ network }) => network !== undefined),
    ({ network }) => network?.bridge ?? network?.name ?? '',
  );
  const attached: LanSegment[] = [];
  const pooled = new Map<ModelLink, readonly SegmentSubnet[]>();
  for (const members of byNetwork.values()) {
    const networks = [...new Set(members.flatMap(({ network }) => network ?? []))];
    const subnets = uniqueSubnets(networks.flatMap(networkSubnets));
    const own = wiring.bridges.find(({ netns, label }) => netns === 'host' && label === networks[0]?.bridge);
    if (own) for (const member of members) appendTo(links, root(own), member);
    if (own) pooled.set(root(own), subnets);
    else attached.push(networkSegment(networks, members, subnets));
  }
  const lans = [...bridgesBy].map(([first, bridges]): LanSegment => {
    const members = links.get(first) ?? [];
    const written = bridges.flatMap((bridge) => bridgeSubnets(bridge, source));
    const declared = uniqueSubnets([...written, ...(pooled.get(first) ?? [])]);
    const subnets = [...declared, ...inferSubnets(members, declared)];
    const head = bridges[0] ?? first;
    return { label: formatModelLink(head), bridges, links: members, bridgeByLink: bridgeOf, subnets, at: head.at };
  });
  const among = [...overlays.values()].map((links): LanSegment => {
    const [label, at] = [links.map(formatModelLink).join(' -- '), links[0]?.at ?? []];
    return { label, bridges: [], links, bridgeByLink: bridgeOf, subnets: inferSubnets(links, []), at };
  });
  return [...lans, ...cables, ...among, ...attached];
}

/** The LAN of one or more CNI networks: those that name the same bridge of the host are one. */
function networkSegment(
  networks: readonly ModelNetwork[],
  links: readonly ModelLink[],
  subnets: readonly SegmentSubnet[],
): LanSegment {
  const [label, at] = [networks.map(({ name }) => name).join(', '), networks[0]?.at ?? []];
  const all = [...subnets, ...inferSubnets(links, subnets)];
  return { label, bridges: [], links, bridgeByLink: new Map(), subnets: all, at };
}

function uniqueSubnets(subnets: readonly SegmentSubnet[]): readonly SegmentSubnet[] {
  const seen = new Map<string, SegmentSubnet>();
  for (const subnet of subnets) {
    const key = subnet.range ? `${subnet.text} ${subnet.range.first}` : subnet.text;
    if (!seen.has(key)) seen.set(key, subnet);
  }
  return [...seen.values()];
}
