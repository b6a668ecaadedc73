import { neighbourId } from '../../model/ids.ts';
import { PROTOCOL } from '../../model/instruction.ts';
import type { Context, Kind } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Live } from '../../model/live.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Found, Resource } from '../../model/resource.ts';
import { defineKind } from '../define.ts';
import { absent, foreign, givenBack, ours, whoseProtocol } from '../found.ts';
import { fromTo, lineOf } from '../line.ts';
import { placements } from '../links.ts';
import { extraNeighbours } from './extras.ts';

/** `protocol`: of one that is not ours. */
export type NeighbourSpec = {
  readonly dev: string;
  readonly to: string;
  readonly mac: string;
  readonly protocol?: number;
};

const definition: Kind<NeighbourSpec> = {
  name: 'neighbour',
  compile,
  wants: ({ netns }) => ({ netns: [netns], neighbours: [netns] }),
  observe,
  immutable: ['dev', 'to'],
  steps: ({ netns, before, after }, phase) => {
    if (phase === 'make') return after ? [[{ do: 'neighbour.set', netns, ...after }]] : [];
    return before ? [[{ do: 'neighbour.delete', netns, dev: before.dev, to: before.to }]] : [];
  },
  describe,
  released: givenBack,
  extras: extraNeighbours,
};

/** A written entry of the neighbour table (ARP, NDP). */
export const neighbour = defineKind(definition);

function compile(lab: Lab): readonly Resource<NeighbourSpec>[] {
  const place = placements(lab);
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

/** Learned entries are nobody's: a written one takes their place. */
function observe(live: Live, resource: Resource<NeighbourSpec>, context: Context<NeighbourSpec>): Found<NeighbourSpec> {
  const { dev, to } = resource.spec;
  const one = live.netns.get(resource.netns)?.neighbours.find((item) => item.dev === dev && item.to === to);
  if (!one?.permanent) return absent;
  const spec = { dev, to, mac: one.mac };
  const former = resource.spec.protocol ?? context.recorded?.before?.protocol;
  if (one.protocol === PROTOCOL || (!one.protocol && context.recorded && former !== 0)) return ours(spec);
  const whose = one.protocol ? whoseProtocol(one.protocol) : "no mark of netform's";
  return foreign({ ...spec, protocol: one.protocol ?? 0 }, whose);
}

function describe(operation: Operation<NeighbourSpec>): readonly PlanLine[] {
  const { before, after } = operation;
  const spec = after ?? before;
  if (!spec) return [];
  const text = `${fromTo(before?.mac, after?.mac)} on ${spec.dev}`;
  return [lineOf(operation, { noun: 'neighbour', name: spec.to, text })];
}
