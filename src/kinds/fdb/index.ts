import { fdbId } from '../../model/ids.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Kind } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { FLOOD_MAC } from '../../net/mac.ts';
import { defineKind } from '../define-kind.ts';
import { disruptionOf } from '../disruption.ts';
import { linkDependencies } from '../links/link-attributes.ts';
import { absentObservation, restoreOriginal, sharedObservation } from '../observation.ts';
import { planLine } from '../plan-line.ts';
import { findUnmanagedFdb } from './unmanaged.ts';

/** `via` null: the packets leave by whichever link the routes lead to. */
export type FdbSpec = {
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
  instructions: ({ netns, before, after }, phase) => {
    if (phase === 'make') return after ? [[{ do: 'fdb.append', netns, ...after }]] : [];
    return before ? [[{ do: 'fdb.delete', netns, ...before }]] : [];
  },
  describe,
  disrupts: disruptionOf(() => 'none'),
  restoreTo: restoreOriginal,
  findUnmanaged: findUnmanagedFdb,
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

/** The kernel keeps no mark at an entry: what is there already stays when the lab goes, unless its link does. */
function observe(live: LiveState, { netns, spec: { dev, mac, to } }: Resource<FdbSpec>): Observation<FdbSpec> {
  const entries = live.get({ need: 'forwarding-entries', netns }) ?? [];
  const found = entries.find((one) => one.dev === dev && one.mac === mac && one.to === to);
  return found ? sharedObservation({ ...found }) : absentObservation;
}

function describe(operation: Operation<FdbSpec>): readonly PlanLine[] {
  const spec = operation.after ?? operation.before;
  if (!spec) return [];
  const way = spec.via === null ? '' : ` through ${spec.via}`;
  return [planLine(operation, { noun: 'fdb', name: spec.dev, text: `also to ${spec.to}${way}` })];
}
