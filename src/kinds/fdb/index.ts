import { fdbId } from '../../model/ids.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { WithUnknown } from '../../model/kernel/unknown-attribute.ts';
import type { Kind, KindContext } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { FLOOD_MAC } from '../../net/mac.ts';
import { defineKind } from '../define-kind.ts';
import { disruptionOf } from '../disruption.ts';
import { linkDependencies } from '../links/link-attributes.ts';
import {
  absentObservation,
  protocolOwner,
  restoreOriginal,
  sharedObservation,
  unknownObservation,
} from '../observation.ts';
import { planLine } from '../plan-line.ts';
import { findAttachedFdb, findUnmanagedFdb } from './unmanaged.ts';

/** `via` null: the packets leave by whichever link the routes lead to. */
export type FdbSpec = WithUnknown & {
  readonly dev: string;
  readonly mac: string;
  readonly to: string;
  readonly via: string | null;
};

const definition: Kind<FdbSpec> = {
  name: 'fdb',
  compile,
  query: ({ netns }) => [
    { need: 'namespace', netns },
    { need: 'forwarding-entries', netns },
  ],
  observe,
  immutable: ['dev', 'mac', 'to', 'via'],
  instructions: ({ action, netns, before, after }, phase) => {
    // Entries to one address by different links stand beside each other: the old one goes before the new one comes.
    const gone = phase === 'delete' || action === 'update' ? before : null;
    const made = phase === 'make' ? after : null;
    return [
      ...(gone ? [[{ do: 'fdb.delete', netns, ...gone } as const]] : []),
      ...(made ? [[{ do: 'fdb.append', netns, ...made } as const]] : []),
    ];
  },
  describe,
  disrupts: disruptionOf(() => 'none'),
  restoreTo: restoreOriginal,
  findUnmanaged: findUnmanagedFdb,
  findAttached: findAttachedFdb,
};

/** One more end that a tunnel sends to what is for all: an entry of its forwarding table, which goes with the link. */
export const fdb = defineKind(definition);

/** The link itself has the first remote. */
function compile(lab: Lab): readonly Resource<FdbSpec>[] {
  const place = linkDependencies(lab);
  return lab.links.flatMap(({ netns, name, tunnel, lower, at }) =>
    (tunnel?.remotes ?? []).slice(1).map((to) => ({
      kind: 'fdb',
      id: fdbId(netns, name, to),
      netns,
      spec: { dev: name, mac: FLOOD_MAC, to, via: lower?.name ?? null },
      ...place(netns, [name]),
      origin: at,
      note: null,
    })),
  );
}

/**
 * The kernel keeps no mark at an entry: what is there already stays when the lab goes, unless its link does. Entries of one
 * MAC are one object with several destinations: another destination would take its flags away (`vxlan_fdb_update_existing`).
 */
function observe(
  live: LiveState,
  { netns, spec }: Resource<FdbSpec>,
  { recorded, adopting }: KindContext<FdbSpec>,
): Observation<FdbSpec> {
  const { dev, mac, to } = spec;
  const entries = live.get({ need: 'forwarding-entries', netns }) ?? [];
  const ofMac = entries.filter((one) => one.dev === dev && one.mac === mac && one.to !== null);
  const same = ofMac.filter((one) => one.to === to && one.unknown === undefined);
  const ways = [spec.via, ...[recorded?.spec, recorded?.before].flatMap((one) => (one ? [one.via] : []))];
  const known = ways.flatMap((via) => same.filter((one) => one.via === via))[0];
  // One by another link is another destination: it is taken for the file's only to be adopted.
  const found = known ?? (adopting && recorded === null ? same[0] : undefined);
  if (found) return sharedObservation({ dev, mac, to, via: found.via });
  const odd = ofMac.find(({ unknown = [] }) => unknown.some(({ name }) => !OF_DESTINATION.has(name)));
  return odd ? unknownObservation({ ...spec, ...pickUnknown(odd) }, protocolOwner(0)) : absentObservation;
}

/** What one destination has; the rest is of the whole entry. */
const OF_DESTINATION = new Set(['port', 'vni', 'src_vni']);

const pickUnknown = ({ unknown = [] }: WithUnknown): WithUnknown => ({ unknown });

function describe(operation: Operation<FdbSpec>): readonly PlanLine[] {
  const spec = operation.after ?? operation.before;
  if (!spec) return [];
  const way = spec.via === null ? '' : ` through ${spec.via}`;
  return [planLine(operation, { noun: 'fdb', name: spec.dev, text: `also to ${spec.to}${way}` })];
}
