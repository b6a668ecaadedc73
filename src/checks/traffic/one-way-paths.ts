import type { Lab, LabNat } from '../../model/lab.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { parseAddress } from '../../net/address.ts';
import { networkText, prefixContainsText } from '../../net/prefix.ts';
import { endpointsOf } from './endpoints.ts';
import { viaWord } from './neighbour-words.ts';
import type { Network, NetworkAddress } from './network.ts';
import { createPathFinder, type PacketPath, type PathFinder } from './path.ts';

/** A namespace that another reaches, and cannot answer. */
export type OneWayPath = {
  readonly from: string;
  readonly target: NetworkAddress;
  /** The namespaces that forward on the way there. */
  readonly routers: readonly string[];
  /** The namespace that has no route for the answers. */
  readonly lost: string;
  /** The subnet that the answers are for. */
  readonly back: string;
  /** The routes that let the answers take the same way. */
  readonly missing: readonly { readonly netns: string; readonly to: string; readonly via: string }[];
};

/** How many steps of packets are followed: small labs are covered as a whole, of large ones each endpoint a little. */
const MOST_STEPS = 10_000;

/** Pairs of endpoints whose second is reached and cannot answer. What the lab alone does not show is left out. */
export function findOneWayPaths(lab: Lab, network: Network): readonly OneWayPath[] {
  const natByNetns = groupBy(lab.nat, ({ netns }) => netns);
  return ([4, 6] as const).flatMap((family) => {
    if (!lacksDefaultRoute(lab, network, family)) return [];
    const all = endpointsOf(lab, network, family);
    const senders = all.filter(({ hasRoute, netns }) => hasRoute && !natByNetns.has(netns));
    const paths = createPathFinder(network);
    const found: OneWayPath[] = [];
    let steps = 0;
    for (let round = 1; round <= all.length && steps < MOST_STEPS; round++) {
      for (const [i, { netns }] of senders.entries()) {
        const target = all[(i + round) % all.length];
        if (!target || target.netns === netns) continue;
        const trip = followRoundTrip({ network, natByNetns, paths }, netns, target.address);
        steps += trip.steps;
        if (trip.found) found.push(trip.found);
        if (steps >= MOST_STEPS) break;
      }
    }
    return found;
  });
}

/** Where everybody has a default route, no answer is without one. */
const lacksDefaultRoute = (lab: Lab, { addressesByNetns, routesByNetns }: Network, family: 4 | 6): boolean =>
  lab.namespaces.some(
    ({ name }) =>
      addressesByNetns.get(name)?.some(({ prefix, lan }) => lan && prefix.family === family) &&
      !routesByNetns.get(name)?.some(({ to }) => to === (family === 4 ? '0.0.0.0/0' : '::/0')),
  );

type TripContext = {
  readonly network: Network;
  readonly natByNetns: ReadonlyMap<string, readonly LabNat[]>;
  readonly paths: PathFinder;
};

function followRoundTrip(
  context: TripContext,
  from: string,
  target: NetworkAddress,
): { readonly steps: number; readonly found: OneWayPath | null } {
  const { network, paths } = context;
  const there = paths.follow(from, target.prefix);
  const isFar = there.end === 'arrived' && there.last === target.netns && there.steps.length > 1;
  const sources = isFar ? sourcesOnTheWay(context, there, target.address) : null;
  if (!sources) return { steps: there.steps.length + 1, found: null };
  const back = followAnswer(context, there, sources);
  const steps = there.steps.length + back.steps;
  if (back.lost === null) return { steps, found: null };
  const subnet = subnetOf(network, back.to);
  const missing = missingRoutes(context, { there, sources, target, lost: back.lost });
  if (!subnet || !missing || missing.length === 0) return { steps, found: null };
  const routers = there.steps.slice(1).map(({ netns }) => netns);
  return { steps, found: { from, target, routers, lost: back.lost, back: subnet, missing } };
}

/**
 * The source address that a packet has when it arrives at each namespace after the first: NAT changes it. Null: the lab
 * alone does not show it.
 */
function sourcesOnTheWay(
  { network, natByNetns }: TripContext,
  { steps }: PacketPath,
  destination: string,
): readonly string[] | null {
  const sources: string[] = [];
  for (const [i, { netns, source, dev }] of steps.entries()) {
    const before = sources.at(-1);
    if (before === undefined) {
      if (i > 0 || source === null) return null;
      sources.push(source);
      continue;
    }
    const nat = natByNetns.get(netns)?.find((one) => translates(one, { source: before, destination, out: dev }));
    const after = nat ? (nat.as?.address ?? source) : before;
    if (after === null || (nat && !network.owners.get(after)?.some((one) => one.netns === netns))) return null;
    sources.push(after);
  }
  return sources;
}

/** As the rules of nftables say it: what stays in one source subnet is never translated. */
const translates = (
  { from, out, exceptTo, as }: LabNat,
  packet: { readonly source: string; readonly destination: string; readonly out: string },
): boolean =>
  (out === null || out === packet.out) &&
  (as === null || as.address.includes(':') === packet.source.includes(':')) &&
  !exceptTo.some((prefix) => prefixContainsText(prefix, packet.destination)) &&
  (from === null ||
    from.some(
      (prefix) => prefixContainsText(prefix, packet.source) && !prefixContainsText(prefix, packet.destination),
    ));

/** Follows the answer to each source, from the last translation to the first; `lost`: who has no route for it. */
function followAnswer(
  { paths }: TripContext,
  { steps, last }: PacketPath,
  sources: readonly string[],
): { readonly steps: number; readonly lost: string | null; readonly to: string } {
  let [here, count] = [last, 0];
  for (let i = sources.length - 1; i >= 0; i--) {
    const to = sources[i] ?? '';
    if (i > 0 && to === sources[i - 1]) continue;
    const [until, address] = [steps[i]?.netns, parseAddress(to)];
    if (!address || until === undefined) break;
    const way = paths.follow(here, address, until);
    count += way.steps.length + 1;
    if (way.end !== 'arrived') return { steps: count, lost: way.end === 'nowhere' ? way.last : null, to };
    here = until;
  }
  return { steps: count, lost: null, to: '' };
}

/** The network of the address, as its owner writes it. */
const subnetOf = ({ owners }: Network, address: string): string | null => {
  const [owner] = owners.get(address) ?? [];
  return owner ? networkText(owner.text) : null;
};

type LostAnswer = {
  readonly there: PacketPath;
  readonly sources: readonly string[];
  readonly target: NetworkAddress;
  readonly lost: string;
};

/** What each namespace on the way needs for the answer to come back that way; null: that cannot be written. */
function missingRoutes(
  { network, paths }: TripContext,
  { there: { steps, last }, sources, target, lost }: LostAnswer,
): OneWayPath['missing'] | null {
  const isOnTheWay = lost === last || steps.some(({ netns }) => netns === lost);
  const missing: OneWayPath['missing'][number][] = [];
  for (let i = steps.length - 1; i >= 0; i--) {
    const [netns, previous, source] = [steps[i + 1]?.netns ?? last, steps[i], sources[i] ?? ''];
    const [address, to] = [parseAddress(source), subnetOf(network, source)];
    const step = address && paths.next(netns, address);
    if (!previous || !step || to === null) return null;
    const isElsewhere = step.to === 'netns' && step.netns !== previous.netns && !isOnTheWay;
    if (step.to !== 'nowhere' && !isElsewhere) continue;
    const lan = network.lanByDev.get(`${previous.netns}/${previous.dev}`);
    const via = lan ? viaWord(network, { netns, neighbour: previous.netns, lan, family: address.family }) : null;
    if (via === null) return null;
    const isBare = netns === target.netns && !network.routesByNetns.has(netns);
    missing.push({ netns, to: isBare ? 'default' : to, via });
  }
  return missing;
}
