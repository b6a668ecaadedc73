import { netnsLinkId } from '../../../model/ids.ts';
import type { Instruction } from '../../../model/instruction.ts';
import type { LiveState } from '../../../model/kernel/need.ts';
import type { Kind, KindContext } from '../../../model/kind.ts';
import type { Lab } from '../../../model/lab.ts';
import type { Operation } from '../../../model/operation.ts';
import type { Observation, Resource } from '../../../model/resource.ts';
import { defineKind } from '../../define-kind.ts';
import { noDisruption } from '../../disruption.ts';
import { absentObservation, blockingObservation, ownObservation } from '../../observation.ts';
import { planLine } from '../../plan-line.ts';
import type { NetnsLinkSpec } from './spec.ts';

const definition: Kind<NetnsLinkSpec> = {
  name: 'netns-link',
  compile: (lab) => compile(lab),
  query: ({ spec: { name, ref } }) => [
    { need: 'container', netns: name, key: ref },
    { need: 'netns-link', netns: name },
    { need: 'dead-namespace', netns: name },
  ],
  observe,
  complete: (spec, live) => {
    const found = live.get({ need: 'container', netns: spec.name, key: spec.ref });
    return { ...spec, target: found?.state === 'there' ? found.path : null };
  },
  isCreatable: ({ target }) => target !== null,
  immutable: ['name'],
  instructions: (operation, phase) => linkInstructions(operation, phase),
  describe: (operation) => {
    const { name = '', target = '' } = operation.after ?? operation.before ?? {};
    return [planLine(operation, { noun: 'name', name: `/run/netns/${name}`, text: `to ${target}` })];
  },
  disrupts: noDisruption,
  restoreTo: () => null,
};

/** The symbolic link by which `ip netns` shows a container. It does not keep its network alive, as a mount would. */
export const netnsLink = defineKind(definition);

const compile = (lab: Lab): readonly Resource<NetnsLinkSpec>[] =>
  lab.namespaces.flatMap(({ name, container: named }): readonly Resource<NetnsLinkSpec>[] => {
    if (!named?.isVisible) return [];
    const spec = { name, ref: named.ref, target: null };
    const id = netnsLinkId(name);
    return [{ kind: 'netns-link', id, netns: name, spec, dependsOn: [], within: [], origin: named.at, note: null }];
  });

/**
 * Ours where it leads to where the record or this run made it lead. While the container does not run there is nothing that it
 * should lead to, and it is left.
 */
function observe(
  live: LiveState,
  { spec }: Resource<NetnsLinkSpec>,
  { recorded, interrupted }: KindContext<NetnsLinkSpec>,
): Observation<NetnsLinkSpec> {
  const { name } = spec;
  const target = live.get({ need: 'netns-link', netns: name });
  if (target === null) return absentObservation;
  const found = { ...spec, target };
  const isMade = (recorded !== null || interrupted) && target === spec.target;
  if (isMade || target === recorded?.spec.target) return ownObservation(spec.target === null ? spec : found);
  return blockingObservation(found, `a symbolic link to ${target}`, `remove it with: rm /run/netns/${name}`);
}

function linkInstructions(
  { action, before, after }: Operation<NetnsLinkSpec>,
  phase: 'delete' | 'make',
): readonly (readonly Instruction[])[] {
  const former = action === 'create' ? null : (before?.target ?? null);
  if (phase === 'delete') {
    return before && former !== null ? [[{ do: 'netns.unlink', netns: before.name, target: former }]] : [];
  }
  if (!after || after.target === null) return [];
  const old = action === 'update' ? former : null;
  return [[{ do: 'netns.link', netns: after.name, target: after.target, former: old }]];
}
