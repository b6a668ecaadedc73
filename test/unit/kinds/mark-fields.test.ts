import { expect, test } from 'vitest';
import { fieldDiff } from '../../../src/engine/plan/field-diff.ts';
import { defineLinkKind } from '../../../src/kinds/links/define-link-kind.ts';
import type { Spec } from '../../../src/model/json.ts';
import { isMarkChange, type Operation } from '../../../src/model/operation.ts';
import { kinds } from '../../../src/registry/kinds.ts';

const ORIGINAL = { alias: 'mine', group: 0 };

/** Whether a change from one spec to another concerns only the mark of a kind. */
const isMarkOnly = (kind: string, before: Spec, after: Spec): boolean =>
  fieldDiff(before, after).every((change) => isMarkChange(change, kinds.get(kind)?.markFields));

test.each<[string, string, Spec, Spec]>([
  ['a first label', 'bridge', { label: '' }, { label: 'lan' }],
  ['a label of the far end', 'veth', { far: { label: '' } }, { far: { label: 'eth0' } }],
  ['the mark that a link had', 'bridge', { former: ORIGINAL }, {}],
  [
    'a part of the mark that a link had',
    'veth',
    { near: { former: ORIGINAL } },
    { near: { former: { alias: '', group: 0 } } },
  ],
  ['the state that a namespace had', 'netns', { former: { alias: null } }, {}],
  ['the protocol of an address', 'address', { former: { '10.0.0.1/24': 0 } }, {}],
  ['the protocol of a route', 'route', { protocol: 4 }, {}],
  ['the protocol of a rule', 'rule', { protocol: 0 }, {}],
  ['the protocol of a neighbour', 'neighbour', { protocol: 0 }, {}],
])('%s belongs to the mark of its kind', (_title, kind, before, after) => {
  expect(isMarkOnly(kind, before, after)).toBe(true);
});

test.each<[string, string, Spec, Spec]>([
  ['another label', 'bridge', { label: 'lan' }, { label: 'wan' }],
  ['an MTU', 'veth', { near: { mtu: 1500 } }, { near: { mtu: 1400 } }],
  ['a field of another kind', 'sysctl', { protocol: 4 }, {}],
])('%s does not', (_title, kind, before, after) => {
  expect(isMarkOnly(kind, before, after)).toBe(false);
});

test('an option called protocol is shown when it changes', () => {
  const { resource } = defineLinkKind({
    ...{
      name: 'toy',
      phrase: 'a toy',
      section: 'interfaces',
      explain: '',
      fields: {},
      docs: null,
      lower: null,
      segment: null,
    },
    ...{
      overhead: () => 0,
      caption: () => '',
      immutable: [],
      unlike: null,
      shell: () => [],
      describe: () => [],
      checks: [],
    },
    netlink: { encode: () => [], decode: () => ({ options: {} }) },
  });
  const common = { netns: 'red', name: 'eth0', label: 'eth0', mac: '', mtu: 1500, up: true, master: null };
  const [before, after] = ['802.1q', '802.1ad'].map((protocol): Spec => ({ ...common, protocol }));
  const operation: Operation = {
    ...{
      action: 'update',
      kind: 'toy',
      id: 'toy:red/eth0',
      netns: 'red',
      before: before ?? null,
      after: after ?? null,
    },
    ...{ changes: fieldDiff(before ?? {}, after ?? {}), cause: 'file', takenBy: null, dependsOn: [], within: [] },
    ...{ origin: null, note: null },
  };
  expect(resource.describe(operation)).toMatchObject([{ text: 'protocol 802.1q → 802.1ad' }]);
});
