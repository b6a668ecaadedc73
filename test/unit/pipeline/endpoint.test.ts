import { expect, test } from 'vitest';
import { namespaceHint } from '../../../src/pipeline/resolve/endpoint.ts';

test.each([
  [[], 'this machine has none; netform apply builds a lab, and host is the machine itself'],
  [['red'], 'there is red; host is this machine'],
  [['bob', 'alice'], 'there are alice and bob; host is this machine'],
  [
    Array.from({ length: 60 }, (_, i) => `h${i + 10}`),
    'there are h10, h11, h12, h13, h14, h15, h16 and 53 more; host is this machine',
  ],
])('a namespace that does not exist gets a hint with those that do: %j', (names, hint) => {
  expect(namespaceHint(names)).toBe(hint);
});
