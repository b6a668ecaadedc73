import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignShares } from '../../../src/lab/addressing/shares.ts';
import { requirePrefix } from '../../../src/net/prefix.ts';

const POOLS = [
  { prefix: requirePrefix('10.32.0.0/20'), length: 24 },
  { prefix: requirePrefix('fd00:32::/60'), length: 64 },
];
const ROOM = 16;
const addressOf = (share: number): readonly string[] => [
  `10.32.${share}.1/24`,
  `fd00:32:0:${share.toString(16)}::1/64`,
];

test('whatever comes and goes: who stays keeps the share, and no two have one', () => {
  const members = fc.uniqueArray(fc.constantFrom(...'abcdefghijklmnopqrst'), { maxLength: ROOM });
  fc.assert(
    fc.property(fc.array(members, { minLength: 2, maxLength: 8 }), (history) => {
      let before = new Map<string, number>();
      for (const present of history) {
        const kept = before;
        const currentOf = (member: string) => (kept.has(member) ? addressOf(kept.get(member) ?? 0) : []);
        const now = assignShares(present, { shares: POOLS, room: ROOM, currentOf });
        expect([...now.keys()]).toEqual(present);
        expect(new Set(now.values()).size).toBe(present.length);
        for (const member of present) if (kept.has(member)) expect(now.get(member)).toBe(kept.get(member));
        before = new Map(now);
      }
    }),
  );
});

test('without room a member gets none; an address outside the pools says nothing', () => {
  const shares = [{ prefix: requirePrefix('10.0.0.0/24'), length: 25 }];
  const found = assignShares(['a', 'b', 'c'], { shares, room: 2, currentOf: () => ['192.0.2.1/24', 'fd00::1/64'] });
  expect([...found]).toEqual([
    ['a', 0],
    ['b', 1],
  ]);
});
