import type { LabModel } from '../../lab/model.ts';
import { withoutProject } from '../../lab/naming/project-names.ts';
import { resolveNameAddresses } from '../../lab/naming/resolve-name.ts';
import { expandSelectors } from '../../lab/selectors/expand.ts';
import { projectOf } from '../../lab/selectors/select.ts';
import type { PolicyDirection } from './rule.ts';
import type { TopologyPolicy } from './topology.ts';

/** The policies that isolate a namespace in one direction. */
export type Isolation = {
  readonly netns: string;
  readonly direction: PolicyDirection;
  readonly policies: readonly TopologyPolicy[];
};

/** Every namespace that a policy selects, by direction. */
export function isolationsOf(world: LabModel, policies: readonly TopologyPolicy[]): readonly Isolation[] {
  const found = new Map<string, { netns: string; direction: PolicyDirection; policies: TopologyPolicy[] }>();
  for (const policy of policies) {
    const selected = expandSelectors(world, policy.select, projectOf(policy)).flatMap(({ value, at }) => {
      if (!('ref' in value) || resolveNameAddresses(world, { value: value.ref, at }) === null) return [];
      return [withoutProject(world.topology, value.ref).name];
    });
    for (const netns of new Set(selected)) {
      for (const direction of ['ingress', 'egress'] as const) {
        if (policy[direction] === null || netns === 'host') continue;
        const key = `${direction} ${netns}`;
        const known = found.get(key) ?? { netns, direction, policies: [] };
        found.set(key, known);
        known.policies.push(policy);
      }
    }
  }
  return [...found.values()];
}
