import type { LinkSettings } from '../../model/instruction.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import type { Kind, KindContext, StateEntry } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { defineKind } from '../define-kind.ts';
import { disruptionOf } from '../disruption.ts';
import { absentObservation, sharedObservation } from '../observation.ts';
import { planLine } from '../plan-line.ts';
import { isBondIn } from './bond/port-order.ts';
import { hostLinkClaims } from './host-link-claims.ts';
import { linkDependencies } from './link-attributes.ts';
import { inSteps } from './link-instructions.ts';

/** `master`: the link that the NIC is a port of; null: none. `up`: where that sets its ports down. */
type PortSpec = {
  readonly netns: string;
  readonly name: string;
  readonly master: string | null;
  readonly up?: boolean;
};

const definition: Kind<PortSpec> = {
  name: 'port',
  compile,
  query: () => [{ need: 'namespace', netns: 'host' }],
  observe,
  claims: ({ netns, name }) => [`${netns}/${name}`],
  exclusive: ({ netns, name }) => hostLinkClaims([`${netns}/${name}`]),
  immutable: ['netns', 'name'],
  instructions: (operation, phase) => {
    const { before, after } = operation;
    if (phase === 'delete' || after === null) return [];
    const { netns, name, master } = after;
    const up = after.up ?? before?.up;
    const joined = before?.master === master ? [] : inSteps(operation, { master }, { netns, up: up ?? true });
    // The kernel sets a port down that leaves such a master.
    const steps: readonly LinkSettings[] = up === undefined || joined.length > 1 ? joined : [...joined, { up }];
    return steps.map((set) => [{ do: 'link.set', netns, name, set }]);
  },
  describe,
  disrupts: disruptionOf((before, after) => (before.master === after.master ? 'none' : 'connections-lost')),
  restoreTo,
};

/** A NIC of the machine as a port of a link of the lab. It has no owner: it gets its former master back. */
export const port = defineKind(definition);

function compile(lab: Lab): readonly Resource<PortSpec>[] {
  const place = linkDependencies(lab);
  return lab.existing.flatMap(({ name, at, master = null }): readonly Resource<PortSpec>[] => {
    if (master === null) return [];
    const { dependsOn } = place('host', [master]);
    const spec = { netns: 'host', name, master, ...(isBondIn(lab, 'host', master) ? { up: true } : {}) };
    return [
      { kind: 'port', id: `port:host/${name}`, netns: 'host', spec, dependsOn, within: [], origin: at, note: null },
    ];
  });
}

/** `up` is looked at where the file says it, and where the master is left that set it. */
function observe(
  live: LiveState,
  { spec: { netns, name, up } }: Resource<PortSpec>,
  { recorded }: KindContext<PortSpec>,
): Observation<PortSpec> {
  const link = live.get({ need: 'namespace', netns })?.links.get(name);
  if (!link) return absentObservation;
  const { master } = link;
  const leaves = recorded?.spec.up !== undefined && recorded.spec.master === master;
  return sharedObservation({ netns, name, master, ...(up !== undefined || leaves ? { up: link.up } : {}) });
}

/** Its former master, as far as that is there; where another program made it a port of something else since, it stays that. */
function restoreTo(recorded: StateEntry<PortSpec>, live: PortSpec | null, machine: LiveState): PortSpec | null {
  if (live === null || live.master !== recorded.spec.master) return live;
  const master = recorded.before?.master ?? null;
  const isThere = master !== null && machine.get({ need: 'namespace', netns: live.netns })?.links.has(master);
  const { up } = recorded.before ?? {};
  return { ...live, master: isThere ? master : null, ...(up === undefined ? {} : { up }) };
}

function describe(operation: Operation<PortSpec>): readonly PlanLine[] {
  const { before, after } = operation;
  const [old, master] = [before?.master ?? null, after?.master ?? null];
  const text =
    old === master
      ? after?.up
        ? 'set up'
        : 'set down'
      : master === null
        ? `no longer of ${old ?? 'a bridge'}`
        : old === null
          ? `of ${master}`
          : `of ${master}, not of ${old}`;
  return [planLine(operation, { noun: 'port', name: (after ?? before)?.name ?? '', text })];
}
