import { expect, test } from 'vitest';
import type { LabRule } from '../../../src/model/lab.ts';
import { contextWith, kindOf, labWith, liveWith, only, operationOf, recordedOf } from './fixture.ts';

const rules = kindOf('rule');
const value = { family: 4, to: null, iif: null, oif: null, mark: null, priority: 1000, action: 'lookup' } as const;
const ruleOf = (from: string, table: number): LabRule => ({ ...value, netns: 'red', from, table, at: [] });
const resource = only('rule', labWith({ rules: [ruleOf('10.1.1.0/24', 100)] }));

test('rules of one priority are told apart by their order', () => {
  const lab = labWith({
    rules: [ruleOf('10.1.1.0/24', 100), { ...ruleOf('10.1.2.0/24', 101), netns: 'blue' }, ruleOf('10.1.2.0/24', 101)],
  });
  expect(rules.compile(lab).map(({ id }) => id)).toEqual(['rule:red/1000', 'rule:blue/1000', 'rule:red/1000#2']);
});

test.each([
  ['ours', { ...value, from: '10.1.1.0/24', table: 100, protocol: 78 }, 'ours', true],
  ['of another', { ...value, from: '10.1.1.0/24', table: 100, protocol: 3 }, 'foreign', true],
  ['one with another selector', { ...value, from: '10.1.3.0/24', table: 100, protocol: 78 }, 'ours', false],
])('observes a rule: %s', (_title, live, owner, there) => {
  const found = rules.observe(liveWith({ red: { rules: [live] } }), resource, contextWith());
  expect(found).toMatchObject({ owner, spec: there ? resource.spec : null });
});

test('a changed rule is found by what is recorded, and made anew', () => {
  const old = { ...resource, spec: { ...resource.spec, table: 99 } };
  const live = liveWith({ red: { rules: [{ ...value, from: '10.1.1.0/24', table: 99, protocol: 78 }] } });
  expect(rules.observe(live, resource, contextWith(recordedOf(old))).spec).toEqual(old.spec);
  const replace = operationOf('replace', resource, { before: old.spec, after: resource.spec });
  expect(rules.instructions(replace, 'delete', contextWith())).toMatchObject([[{ do: 'rule.delete', rule: old.spec }]]);
  expect(rules.instructions(replace, 'make', contextWith())).toMatchObject([[{ do: 'rule.add', rule: resource.spec }]]);
});

test('a rule of another program that equals the one that goes is not the lab’s (F02)', () => {
  const live = liveWith({ red: { rules: [{ ...value, from: '10.1.1.0/24', table: 100, protocol: 3 }] } });
  const releasing = { ...contextWith(recordedOf(resource)), releasing: true as const };
  expect(rules.observe(live, resource, releasing).spec).toBeNull();
  expect(rules.observe(live, resource, contextWith(recordedOf(resource))).owner).toBe('foreign');
});
