import type { LinkFieldValue, TopologyLinkOptions, TopologyValue } from '../../model/topology.ts';
import type { LabModelInput } from '../model.ts';
import { selectedOthers } from './expand.ts';

/** The options of a link with the other selected namespaces in the place of selectors. */
export function withSelectedTargets(
  input: Pick<LabModelInput, 'topology' | 'report'>,
  own: TopologyLinkOptions,
  netns: string,
): TopologyLinkOptions {
  const values = { ...own.values };
  const more = { ...own.more };
  for (const [field, first] of Object.entries(own.values)) {
    const written = first ? [first, ...(own.more?.[field] ?? [])] : [];
    const all = written.flatMap((item): readonly TopologyValue<LinkFieldValue>[] => {
      const { value, at } = item;
      const isTarget = typeof value === 'object' && ('selector' in value || 'ref' in value);
      const others = isTarget ? selectedOthers(input, { value, at }, netns) : null;
      return others?.map((other) => ({ value: other, at })) ?? [item];
    });
    if (all.length === written.length && all.every((item, i) => item === written[i])) continue;
    const [one = null, ...others] = all;
    values[field] = one;
    more[field] = others;
  }
  return { ...own, values, ...(Object.keys(more).length > 0 ? { more } : {}) };
}
