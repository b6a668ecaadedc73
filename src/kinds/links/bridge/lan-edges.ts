import type { Path } from '../../../model/diagnostics/source-location.ts';
import type { Lab, LabEnd, LabLink } from '../../../model/lab.ts';
import { groupBy } from '../../../model/values/group-by.ts';

/**
 * A connection of two places that frames pass: bridges, ends of tunnels, LANs of devices. `name`: the bridge that `from`
 * is; null: it is none. `label` and `back`: the links by which it leaves `from` and `to`; null: no port of a bridge.
 */
export type LanEdge = {
  readonly from: string;
  readonly to: string;
  readonly name: string | null;
  readonly label: string | null;
  readonly back: string | null;
  readonly at: Path;
};

/**
 * How bridges without the spanning tree protocol are connected: `edges` are ports, `joins` connect ends of tunnels that
 * send to each other. A tunnel passes nothing on from one of its ends to another, so frames do not go round by joins alone.
 */
export function labEdges(lab: Lab): { readonly edges: readonly LanEdge[]; readonly joins: readonly LanEdge[] } {
  const bridges = new Set(lab.bridges.filter(({ up, options }) => up && options['stp'] !== true).map(placeOf));
  const bridgeOf = ({ netns, master, up }: LanPort): string | null => {
    const place = placeOf({ netns, name: master ?? '' });
    return up && master !== null && bridges.has(place) ? place : null;
  };
  const opposite = new Map(
    lab.cables.flatMap(({ ends: [left, right] }) => [[placeOf(left), right] as const, [placeOf(right), left] as const]),
  );
  const cables = lab.cables.flatMap(({ ends: [left, right], at }): LanEdge[] => {
    const [from, to] = [bridgeOf(left), bridgeOf(right)];
    return from && to ? [{ from, to, name: from, label: left.label, back: right.label, at }] : [];
  });
  const ports = lab.links.flatMap((link): LanEdge[] => {
    const from = bridgeOf(link);
    const to = link.tunnel ? tunnelPlace(link) : devicePlace(link, opposite);
    return from && to ? [{ from, to, name: from, label: link.label, back: null, at: link.at }] : [];
  });
  return { edges: [...cables, ...ports], joins: tunnelEdges(lab) };
}

type LanPort = Pick<LabEnd, 'netns' | 'master' | 'up'>;

/** `node-1:br0`; a bridge of the host by its name alone. */
const placeOf = ({ netns, name }: { readonly netns: string; readonly name: string }): string =>
  netns === 'host' ? name : `${netns}:${name}`;

const tunnelPlace = (link: LabLink): string => `tunnel ${placeOf(link)}`;

/** The LAN of the device below: its bridge, or that of its other end; links of one kind with the same options meet there. */
function devicePlace({ kind, lower, options }: LabLink, opposite: ReadonlyMap<string, LabEnd>): string | null {
  if (lower === null) return null;
  const other = opposite.get(placeOf(lower));
  const lan = other?.master ? placeOf({ netns: other.netns, name: other.master }) : placeOf(lower);
  const rest = Object.entries(options).filter(([, value]) => value !== lower.name && value !== `host:${lower.name}`);
  return `device ${lan} ${kind} ${JSON.stringify(rest)}`;
}

/** The ends of one kind and key, where one sends to an address of the other's namespace. */
function tunnelEdges(lab: Lab): readonly LanEdge[] {
  const holders = new Map(
    lab.addresses.flatMap(({ netns, prefixes }) =>
      prefixes.map((prefix) => [prefix.split('/')[0] ?? '', netns] as const),
    ),
  );
  const keyOf = ({ kind, tunnel }: LabLink, netns: string): string => `${kind} ${tunnel?.key} ${netns}`;
  const ends = lab.links.filter(({ tunnel, up }) => tunnel !== null && up);
  const byKey = groupBy(ends, (end) => keyOf(end, end.netns));
  const sendsTo = ({ tunnel }: LabLink, netns: string): boolean =>
    tunnel?.remotes.some((remote) => holders.get(remote) === netns) ?? false;
  return ends.flatMap((end) =>
    (end.tunnel?.remotes ?? []).flatMap((remote): LanEdge[] => {
      const there = byKey.get(keyOf(end, holders.get(remote) ?? '')) ?? [];
      const other = there.length > 1 ? there.find((one) => sendsTo(one, end.netns)) : there[0];
      if (!other || other === end) return [];
      return [{ from: tunnelPlace(end), to: tunnelPlace(other), name: null, label: null, back: null, at: end.at }];
    }),
  );
}
