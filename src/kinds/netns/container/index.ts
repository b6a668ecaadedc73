import { containerId } from '../../../model/ids.ts';
import { sameJson } from '../../../model/json.ts';
import type { LiveState } from '../../../model/kernel/need.ts';
import type { Kind } from '../../../model/kind.ts';
import type { Lab } from '../../../model/lab.ts';
import type { Observation, Resource } from '../../../model/resource.ts';
import { defineKind } from '../../define-kind.ts';
import { noDisruption } from '../../disruption.ts';
import { absentObservation, sharedObservation } from '../../observation.ts';
import { planLine } from '../../plan-line.ts';
import type { ContainerSpec } from './spec.ts';

const definition: Kind<ContainerSpec> = {
  name: 'container',
  compile: (lab) => compile(lab),
  query: ({ netns, spec }) => [
    { need: 'container', netns, key: spec.ref },
    { need: 'namespace', netns },
  ],
  observe,
  complete: (spec, live) => ({ ...spec, life: lifeOf(live, spec) }),
  isCreatable: () => false,
  immutable: [],
  instructions: () => [],
  describe: (operation) => {
    const { ref = '' } = operation.after ?? operation.before ?? {};
    return [planLine(operation, { noun: 'container', name: ref, text: '' })];
  },
  status: (live, { spec }) => statusOf(live, spec),
  disrupts: noDisruption,
  restoreTo: (_recorded, live) => live,
  exclusive: ({ name, ref }) => [
    { of: 'thing', key: `netns/${name}`, text: name },
    { of: 'thing', key: `container/${ref}`, text: `the container ${ref}` },
  ],
};

/**
 * The network of a container, in which resources of the lab are made. Nothing is ever done about it itself: its record says in
 * which of its lives that was.
 */
export const container = defineKind(definition);

const compile = (lab: Lab): readonly Resource<ContainerSpec>[] =>
  lab.namespaces.flatMap(({ name, container: named }): readonly Resource<ContainerSpec>[] => {
    if (!named) return [];
    const spec = { name, ref: named.ref, life: null };
    const id = containerId(name);
    return [{ kind: 'container', id, netns: name, spec, dependsOn: [], within: [], origin: named.at, note: null }];
  });

/** One that was started again is another: what was in it is gone, and nothing is there under the recorded life. */
function observe(live: LiveState, { spec }: Resource<ContainerSpec>): Observation<ContainerSpec> {
  const life = lifeOf(live, spec);
  const isAnother = spec.life !== null && !sameJson(spec.life, life);
  return life === null || isAnother ? absentObservation : sharedObservation({ ...spec, life });
}

function lifeOf(live: LiveState, { name, ref }: ContainerSpec): ContainerSpec['life'] {
  const found = live.get({ need: 'container', netns: name, key: ref });
  if (found?.state !== 'there') return null;
  const { id, startedAt, cookie, path } = found;
  return { id, startedAt, cookie, path };
}

/** Null: it runs as it did when the lab was made. */
function statusOf(live: LiveState, spec: ContainerSpec): string | null {
  const found = live.get({ need: 'container', netns: spec.name, key: spec.ref });
  if (found?.state === 'absent') return found.why;
  return sameJson(lifeOf(live, spec), spec.life) ? null : 'started again since the last apply';
}
