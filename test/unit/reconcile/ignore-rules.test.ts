import { describe, expect, test } from 'vitest';
import type { Operation } from '../../../src/model/operation.ts';
import { ignoredChanges, isRuleFor, withoutIgnored } from '../../../src/reconcile/ignore-rules.ts';

const change = (...path: string[]) => ({ path, before: 1, after: 2 });
const operation = (more: Partial<Operation> = {}): Operation => ({
  ...{ action: 'update', kind: 'veth', id: 'veth:red/eth0', netns: 'red', before: {}, after: {}, cause: 'drift' },
  ...{ changes: [change('near', 'mtu'), change('near', 'mac')], takenBy: null, dependsOn: [], within: [] },
  ...{ origin: null, note: null },
  ...more,
});
const rule = (resource: string, ...fields: string[]) => ({ resource, fields: fields.length === 0 ? null : fields });

describe('what others may change', () => {
  test.each([
    ['veth:red/*', true],
    ['veth:red/eth0', true],
    ['*', true],
    ['veth:red/eth', false],
    ['veth:r.d/eth0', false],
    ['*/eth1', false],
  ])('the rule %s speaks of the resource: %s', (resource, expected) => {
    expect(isRuleFor(rule(resource), 'veth:red/eth0')).toBe(expected);
  });

  test.each([
    { name: 'a field by its name', rules: [rule('*', 'mtu')], stays: ['near.mtu'] },
    { name: 'a field by its path', rules: [rule('*', 'near.mac')], stays: ['near.mac'] },
    { name: 'all below a field', rules: [rule('*', 'near')], stays: ['near.mtu', 'near.mac'] },
    { name: 'every field', rules: [rule('*')], stays: ['near.mtu', 'near.mac'] },
    { name: 'no field of a like name', rules: [rule('*', 'nea', 'mt')], stays: [] },
    { name: 'nothing of another resource', rules: [rule('link:*')], stays: [] },
  ])('ignores $name', ({ rules, stays }) => {
    expect(ignoredChanges(rules, operation()).map(({ path }) => path.join('.'))).toEqual(stays);
  });

  test('what the file changes, what is missing and what goes is never ignored', () => {
    const all = [operation({ cause: 'file' }), operation({ before: null }), operation({ after: null })];
    expect(withoutIgnored([rule('*')], all)).toEqual({ left: all, ignored: [] });
  });

  test('an operation of which nothing is left is none', () => {
    const [one, other] = [operation(), operation({ id: 'veth:blue/eth0' })];
    expect(withoutIgnored([rule('*', 'mtu'), rule('veth:red/*', 'mac')], [one, other])).toEqual({
      left: [other],
      ignored: [
        { id: 'veth:red/eth0', fields: ['near.mtu', 'near.mac'] },
        { id: 'veth:blue/eth0', fields: ['near.mtu'] },
      ],
    });
  });
});
