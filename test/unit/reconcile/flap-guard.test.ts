import { describe, expect, test } from 'vitest';
import { FLAP_MS, flappingIds, noteHeal } from '../../../src/reconcile/flap-guard.ts';

const NOW = 1_000_000;

describe('a resource that was healed a short while ago', () => {
  test.each([
    { name: 'never', healed: {}, flaps: false },
    { name: 'just now', healed: { a: NOW }, flaps: true },
    { name: 'almost too long ago', healed: { a: NOW - FLAP_MS + 1 }, flaps: true },
    { name: 'long ago', healed: { a: NOW - FLAP_MS }, flaps: false },
    { name: 'another one', healed: { b: NOW }, flaps: false },
    { name: 'by a clock that was set back since', healed: { a: NOW + 5 }, flaps: false },
  ])('flaps, or does not: $name', ({ healed, flaps }) => {
    expect(flappingIds(healed, ['a', 'c'], NOW)).toEqual(flaps ? ['a'] : []);
  });

  test('is remembered no longer than that', () => {
    expect(noteHeal({ a: NOW - FLAP_MS, b: NOW - 1, c: NOW - 2 }, ['c', 'd'], NOW)).toEqual({
      b: NOW - 1,
      c: NOW,
      d: NOW,
    });
  });
});
