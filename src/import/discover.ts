import type { ImportFacts } from '../model/kernel/import-facts.ts';
import { type LinkKinds, sectionKind } from '../model/link-kind.ts';
import { isFallbackLink } from '../model/values/fallback-links.ts';
import { isName } from '../net/name.ts';
import { isOfSwitch, openVswitchLines } from './links/open-vswitch.ts';
import type { ImportEndpoint, ImportLan, ImportModel, ImportOptions, ImportVethPair, OwnEndpoint } from './model.ts';
import { importEndpointKey, netnsDisplayName } from './model.ts';

/** The pairs and LANs among what was read. What is connected to nothing that is imported is left out, and told. */
export function discoverTopology(
  inventory: ImportFacts,
  { choice, linkKinds, unknown, leaveOut }: Pick<ImportModel, 'choice' | 'linkKinds' | 'unknown' | 'leaveOut'>,
): ImportModel {
  const places = [...inventory.namespaces.filter((name) => isUsable(name, unknown)), 'host'];
  const ends = places.flatMap((netns) => endsIn(inventory, netns));
  const byKey = new Map(ends.map((end) => [importEndpointKey(end), end]));
  const pairs = pairsOf(ends, byKey, linkKinds).filter(
    ({ near, far }) => choice.host === 'whole' || near.netns !== 'host' || far.netns !== 'host',
  );
  const allOwn = ownEndpoints(ends, linkKinds);
  const lans = lansOf(ends, { pairs, own: allOwn, byKey, choice, bridgeKind: sectionKind(linkKinds, 'bridges').name });
  const bridges = new Set(lans.map(({ bridge }) => importEndpointKey(bridge)));
  const own = allOwn.filter(
    ({ netns, link }) => netns !== 'host' || choice.host === 'whole' || bridges.has(`host/${link.master}`),
  );
  const known = new Set([
    ...pairs.flatMap(({ near, far }) => [near, far]).map(importEndpointKey),
    ...own.map(importEndpointKey),
    ...lans.map(({ bridge }) => importEndpointKey(bridge)),
  ]);
  for (const end of ends) {
    const isAsked = end.netns !== 'host' || choice.host === 'whole';
    if (isAsked && !known.has(importEndpointKey(end)) && !isKernels(end)) unknown(lineOf(inventory, end, linkKinds));
  }
  for (const netns of places)
    for (const line of openVswitchLines(inventory, netns, linkNames(inventory, netns))) leaveOut(line);
  return { choice, inventory, places, pairs, own, linkKinds, lans, unknown, leaveOut };
}

/** The links whose kinds stand at interfaces, and whose settings the language has. */
const ownEndpoints = (ends: readonly ImportEndpoint[], linkKinds: LinkKinds): readonly OwnEndpoint[] =>
  ends.flatMap((end): OwnEndpoint[] => {
    const kind = linkKinds.get(end.link.kind ?? '');
    const { options } = end.link;
    return kind?.section === 'interfaces' && options && !isKernels(end) ? [{ ...end, kind, options }] : [];
  });

function isUsable(name: string, unknown: (line: string) => void): boolean {
  if (isName(name) && name !== 'host') return true;
  unknown(`namespace ${name}: its name cannot be one of a topology`);
  return false;
}

const linkNames = ({ live }: ImportFacts, netns: string): readonly string[] => [
  ...(live.get({ need: 'namespace', netns })?.links.keys() ?? []),
];

const endsIn = (inventory: ImportFacts, netns: string): readonly ImportEndpoint[] =>
  [...(inventory.live.get({ need: 'namespace', netns })?.links.values() ?? [])]
    .filter(({ name }) => !isFallbackLink(name) && !isOfSwitch(inventory, netns, name))
    .toSorted((a, b) => a.index - b.index)
    .map((link) => ({ netns, link }));

/** Links that are in every namespace, because a module is loaded. */
const isKernels = ({ netns, link }: ImportEndpoint): boolean =>
  link.name === 'lo' ||
  // A NIC of the machine is not part of a lab.
  (netns === 'host' && link.kind === null);

function lineOf({ live }: ImportFacts, { netns, link }: ImportEndpoint, linkKinds: LinkKinds): string {
  const own = (live.get({ need: 'namespace', netns })?.addresses ?? []).filter(
    ({ dev, scope }) => dev === link.name && scope !== 'link',
  );
  const addresses = own.length === 0 ? '' : ` (${own.map(({ prefix }) => prefix).join(', ')})`;
  const where = `link ${link.name}${addresses} of ${netnsDisplayName(netns)}`;
  const kind = linkKinds.get(link.kind ?? '');
  if (kind?.pair) return `${where}: its other end is in a namespace that was not read`;
  if (kind?.alternatives && !link.options && !link.unknown?.length)
    return `${where}: ${kind.phrase} with neither ${kind.alternatives.join(' nor ')}, which a topology does not have`;
  if (kind?.section === 'interfaces') return `${where}: ${kind.phrase} with settings that a topology does not have`;
  if (link.kind === null && netns !== 'host')
    return `${where}: a NIC; \`move\` needs its name on the machine, which is not known here`;
  return `${where}: ${link.kind === null ? 'a device' : `of kind ${link.kind}`}, which a topology does not have`;
}

function pairsOf(
  ends: readonly ImportEndpoint[],
  byKey: ReadonlyMap<string, ImportEndpoint>,
  linkKinds: LinkKinds,
): readonly ImportVethPair[] {
  const done = new Set<string>();
  return ends.flatMap((near): ImportVethPair[] => {
    const { peer } = near.link;
    const far = peer && byKey.get(`${peer.netns}/${peer.name}`);
    if (!far || !linkKinds.get(near.link.kind ?? '')?.pair || done.has(importEndpointKey(near))) return [];
    done.add(importEndpointKey(near)).add(importEndpointKey(far));
    return [{ near, far }];
  });
}

type LanDiscoveryContext = {
  readonly pairs: readonly ImportVethPair[];
  readonly own: readonly ImportEndpoint[];
  readonly byKey: ReadonlyMap<string, ImportEndpoint>;
  readonly choice: ImportOptions;
  readonly bridgeKind: string;
};

function lansOf(
  ends: readonly ImportEndpoint[],
  { pairs, own, byKey, choice: { host }, bridgeKind }: LanDiscoveryContext,
): readonly ImportLan[] {
  const masterOf = ({ netns, link }: ImportEndpoint): ImportEndpoint | null =>
    byKey.get(`${netns}/${link.master}`) ?? null;
  const sides = pairs.flatMap(({ near, far }) => [
    { port: near, other: far },
    { port: far, other: near },
  ]);
  return ends
    .filter(({ link }) => link.kind === bridgeKind)
    .flatMap((bridge): ImportLan[] => {
      const plugged = sides.filter(
        ({ port }) => importEndpointKey(masterOf(port) ?? port) === importEndpointKey(bridge),
      );
      if (plugged.length === 0 && bridge.netns === 'host' && host === 'touched') return [];
      const others = plugged.map(({ other }) => other);
      const isPort = (end: ImportEndpoint): boolean => masterOf(end)?.link.kind === bridgeKind;
      const isOverlaid = own.some((end) => importEndpointKey(masterOf(end) ?? end) === importEndpointKey(bridge));
      const isJoined = isOverlaid || others.some(isPort);
      // Its ports are on several LANs: none of them is that of its address.
      const isAware = bridge.link.options?.['vlanFiltering'] === true;
      return [{ bridge, members: others.filter((other) => !isPort(other)), isJoined: isJoined || isAware }];
    });
}
