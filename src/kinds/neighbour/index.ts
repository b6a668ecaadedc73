import { neighbourId } from '../../model/ids.ts';
import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import { unknownText, type WithUnknown } from '../../model/kernel/unknown-attribute.ts';
import type { Kind, KindContext } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { NO_MARK } from '../../model/values/object-phrase.ts';
import { defineKind } from '../define-kind.ts';
import { disruptionOf } from '../disruption.ts';
import { linkDependencies } from '../links/link-attributes.ts';
import {
  absentObservation,
  foreignObservation,
  ownObservation,
  protocolOwner,
  restoreOriginal,
  unknownObservation,
} from '../observation.ts';
import { planLine, transitionText } from '../plan-line.ts';
import { findUnmanagedNeighbours } from './unmanaged.ts';

/** `protocol`: of one that is not ours. */
export type NeighbourSpec = WithUnknown & {
  readonly dev: string;
  readonly to: string;
  readonly mac: string;
  readonly protocol?: number;
};

const definition: Kind<NeighbourSpec> = {
  name: 'neighbour',
  compile,
  query: ({ netns }) => [
    { need: 'namespace', netns },
    { need: 'neighbours', netns },
  ],
  observe,
  immutable: ['dev', 'to'],
  markFields: [['protocol']],
  instructions: ({ netns, before, after }, phase) => {
    if (phase === 'make') return after ? [[{ do: 'neighbour.set', netns, ...after }]] : [];
    return before ? [[{ do: 'neighbour.delete', netns, dev: before.dev, to: before.to }]] : [];
  },
  describe,
  disrupts: disruptionOf(() => 'none'),
  restoreTo: restoreOriginal,
  exclusive: ({ dev, to }, netns) =>
    netns === 'host' ? [{ of: 'thing', key: neighbourId(netns, dev, to), text: `the neighbour ${to}` }] : [],
  findUnmanaged: findUnmanagedNeighbours,
};

/** A written entry of the neighbour table (ARP, NDP). */
export const neighbour = defineKind(definition);

function compile(lab: Lab): readonly Resource<NeighbourSpec>[] {
  const place = linkDependencies(lab);
  return lab.neighbours.map(({ netns, dev, to, mac, at }) => ({
    kind: 'neighbour',
    id: neighbourId(netns, dev, to),
    netns,
    spec: { dev, to, mac },
    ...place(netns, [dev]),
    origin: at,
    note: null,
  }));
}

/** Learned entries have no owner: a permanent one replaces them, unless another program keeps them (`extern_learn`, `managed`). */
function observe(
  live: LiveState,
  resource: Resource<NeighbourSpec>,
  context: KindContext<NeighbourSpec>,
): Observation<NeighbourSpec> {
  const { dev, to } = resource.spec;
  const there = live.get({ need: 'neighbours', netns: resource.netns }) ?? [];
  const one = there.find((item) => item.dev === dev && item.to === to && !item.proxy);
  if (!one || !(one.permanent || one.unknown)) return absentObservation;
  const spec = { dev, to, mac: one.mac, ...(one.unknown ? { unknown: one.unknown } : {}) };
  const former = resource.spec.protocol ?? context.recorded?.before?.protocol;
  const isMarked = one.protocol === NETFORM_PROTOCOL && !(one.unknown && !context.recorded);
  if (isMarked || (!one.protocol && context.recorded && former !== 0)) return ownObservation(spec);
  const whose = one.protocol ? protocolOwner(one.protocol) : NO_MARK;
  if (one.unknown) return unknownObservation(spec, whose);
  return foreignObservation({ ...spec, protocol: one.protocol ?? 0 }, whose);
}

function describe(operation: Operation<NeighbourSpec>): readonly PlanLine[] {
  const { before, after } = operation;
  const spec = after ?? before;
  if (!spec) return [];
  const text = `${transitionText(before && textOf(before), after && textOf(after))} on ${spec.dev}`;
  return [planLine(operation, { noun: 'neighbour', name: spec.to, text })];
}

const textOf = (spec: NeighbourSpec): string => [spec.mac, unknownText(spec)].filter(Boolean).join(', ');
