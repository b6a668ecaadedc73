import type { TopologySelector } from '../../model/lab-parts/selector.ts';
import type { Topology, TopologyRef, TopologyValue } from '../../model/topology.ts';
import type { LabModelInput } from '../model.ts';
import { resolveSelector, selectorOfWord } from './select.ts';

type Named = { readonly ref: TopologyRef } | { readonly address: string };

/** What may stand in a list of namespaces: a name, an address, or what selects some. */
type Listed = Named | { readonly selector: TopologySelector };

/** What an item of a list selects; null: it is one name or address. */
export function selectorOf(topology: Topology, item: Listed): TopologySelector | null {
  if ('selector' in item) return item.selector;
  return 'ref' in item ? selectorOfWord(topology, item.ref) : null;
}

/**
 * A list with the names of the namespaces in the place of what selects them. `project`: where a selector looks that names
 * none; null: in all.
 */
export const expandSelectors = (
  input: Pick<LabModelInput, 'topology' | 'report'>,
  list: readonly TopologyValue<Listed>[],
  project: string | null = null,
): readonly TopologyValue<Named>[] =>
  list.flatMap(({ value, at }): readonly TopologyValue<Named>[] => {
    const selector = selectorOf(input.topology, value);
    if (selector === null) return 'selector' in value ? [] : [{ value, at }];
    const names = resolveSelector(input, { value: selector, at }, project);
    return names.map((name) => ({ value: { ref: { name, part: null } }, at }));
  });

/** The namespaces that an item stands for, without one; null: it is one name or address. */
export function selectedOthers(
  input: Pick<LabModelInput, 'topology' | 'report'>,
  item: TopologyValue<Listed>,
  netns: string,
): readonly { readonly ref: TopologyRef }[] | null {
  const selector = selectorOf(input.topology, item.value);
  if (selector === null) return null;
  const names = resolveSelector(input, { value: selector, at: item.at });
  return names.filter((name) => name !== netns).map((name) => ({ ref: { name, part: null } }));
}
