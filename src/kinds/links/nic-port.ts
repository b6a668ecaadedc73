import type { LiveState } from '../../model/kernel/need.ts';
import type { Kind, StateEntry } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import { defineKind } from '../define-kind.ts';
import { disruptionOf } from '../disruption.ts';
import { absentObservation, sharedObservation } from '../observation.ts';
import { planLine } from '../plan-line.ts';
import { hostLinkClaims } from './host-link-claims.ts';
import { linkDependencies } from './link-attributes.ts';

/** `master`: the link that the NIC is a port of; null: none. */
type PortSpec = { readonly netns: string; readonly name: string; readonly master: string | null };

const definition: Kind<PortSpec> = {
  name: 'port',
  compile,
  query: () => [{ need: 'namespace', netns: 'host' }],
  observe,
  claims: ({ netns, name }) => [`${netns}/${name}`],
  exclusive: ({ netns, name }) => hostLinkClaims([`${netns}/${name}`]),
  immutable: ['netns', 'name'],
  instructions: ({ after }, phase) => {
    if (phase === 'delete' || after === null) return [];
    const { netns, name, master } = after;
    return [[{ do: 'link.set', netns, name, set: { master } }]];
  },
  describe,
  disrupts: disruptionOf((before, after) => (before.master === after.master ? 'none' : 'connections-lost')),
  restoreTo,
};

/** A NIC of the machine as a port of a bridge of the lab. It has no owner: it gets its former master back. */
export const port = defineKind(definition);

function compile(lab: Lab): readonly Resource<PortSpec>[] {
  const place = linkDependencies(lab);
  return lab.existing.flatMap(({ name, at, master = null }): readonly Resource<PortSpec>[] => {
    if (master === null) return [];
    const { dependsOn } = place('host', [master]);
    const spec = { netns: 'host', name, master };
    return [
      { kind: 'port', id: `port:host/${name}`, netns: 'host', spec, dependsOn, within: [], origin: at, note: null },
    ];
  });
}

function observe(live: LiveState, { spec: { netns, name } }: Resource<PortSpec>): Observation<PortSpec> {
  const link = live.get({ need: 'namespace', netns })?.links.get(name);
  return link ? sharedObservation({ netns, name, master: link.master }) : absentObservation;
}

/** Its former master, as far as that is there; where another program made it a port of something else since, it stays that. */
function restoreTo(recorded: StateEntry<PortSpec>, live: PortSpec | null, machine: LiveState): PortSpec | null {
  if (live === null || live.master !== recorded.spec.master) return live;
  const master = recorded.before?.master ?? null;
  const isThere = master !== null && machine.get({ need: 'namespace', netns: live.netns })?.links.has(master);
  return { ...live, master: isThere ? master : null };
}

function describe(operation: Operation<PortSpec>): readonly PlanLine[] {
  const { before, after } = operation;
  const [old, master] = [before?.master ?? null, after?.master ?? null];
  const text =
    master === null
      ? `no longer of ${old ?? 'a bridge'}`
      : old === null
        ? `of ${master}`
        : `of ${master}, not of ${old}`;
  return [planLine(operation, { noun: 'port', name: (after ?? before)?.name ?? '', text })];
}
