import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue } from '../../model/diagnostics/source-location.ts';
import { GROUP_WORDS, type TopologySelector } from '../../model/lab-parts/selector.ts';
import type { TopologyRef, TopologyValue } from '../../model/topology.ts';
import type { LabModelInput } from '../model.ts';
import { EVERY_NAMESPACE, resolveSelector } from './select.ts';

type SelectorInput = Pick<LabModelInput, 'topology' | 'report'>;

type Named = { readonly ref: TopologyRef } | { readonly address: string };

/** What may stand in a list of namespaces: a name, an address, or what selects some. */
type Listed = Named | { readonly selector: TopologySelector };

/**
 * What an item of a list selects; null: it is one name or address. Warns of a word that selects which is the name of a
 * namespace, too: that one is meant.
 */
function selectorOf(
  { topology, report }: SelectorInput,
  { value, at }: TopologyValue<Listed>,
): TopologySelector | null {
  if ('selector' in value) return value.selector;
  if (!('ref' in value) || value.ref.name !== GROUP_WORDS.any || value.ref.part !== null) return null;
  const twin = topology.namespaces.find(({ name }) => name === GROUP_WORDS.any);
  if (!twin) return EVERY_NAMESPACE;
  const message = 'any means the namespace of that name here, and not every namespace';
  const related = [{ at: atKey(twin.at), message: 'the namespace' }];
  const hint = 'give the namespace another name, or write { project: any }';
  report(makeDiagnostic('reserved-word', atValue(at), message, { severity: 'warning', related, hint }));
  return null;
}

/**
 * A list with the names of the namespaces in the place of what selects them. `project`: where a selector looks that names
 * none; null: in all.
 */
export const expandSelectors = (
  input: SelectorInput,
  list: readonly TopologyValue<Listed>[],
  project: string | null = null,
): readonly TopologyValue<Named>[] =>
  list.flatMap((item): readonly TopologyValue<Named>[] => {
    const { value, at } = item;
    const selector = selectorOf(input, item);
    if (selector === null) return 'selector' in value ? [] : [{ value, at }];
    const names = resolveSelector(input, { value: selector, at }, project);
    return names.map((name) => ({ value: { ref: { name, part: null } }, at }));
  });

/** The namespaces that an item stands for, without one; null: it is one name or address. */
export function selectedOthers(
  input: SelectorInput,
  item: TopologyValue<Listed>,
  netns: string,
): readonly { readonly ref: TopologyRef }[] | null {
  const selector = selectorOf(input, item);
  if (selector === null) return null;
  const names = resolveSelector(input, { value: selector, at: item.at });
  return names.filter((name) => name !== netns).map((name) => ({ ref: { name, part: null } }));
}

/** The entry of `reserved-word` in docs/checks.md. */
export const reservedWordDoc: CheckDoc = {
  name: 'reserved-word',
  code: 'NF1020',
  title: 'Namespace named as a word of the language',
  explain:
    'In a list of namespaces `any` stands for all of them. Where a namespace has that name, it is meant, and nothing else.',
  bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { any: { interfaces: { eth0: { bridge: lan } } } }
dns: { hosts: { all: any } }
`,
  good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { any: { interfaces: { eth0: { bridge: lan } } } }
dns: { hosts: { all: { project: any } } }
`,
};
