import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAddress } from '../../../src/net/address.ts';
import { closestMatch } from '../../../src/net/closest-match.ts';
import { createPrefixLookup } from '../../../src/net/longest-prefix-match.ts';
import { prefixContains, requirePrefix } from '../../../src/net/prefix.ts';

const ROUTES = [
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.1.0.0/16',
  '10.1.2.3/32',
  '::/0',
  'fd00::/8',
  'fd00:1::/32',
  '10.1.9.9/16',
];

test.each([
  ['192.0.2.1', '0.0.0.0/0'],
  ['10.200.0.1', '10.0.0.0/8'],
  ['10.1.2.4', '10.1.0.0/16'],
  ['10.1.2.3', '10.1.2.3/32'],
  ['2001:db8::1', '::/0'],
  ['fd00:2::1', 'fd00::/8'],
  ['fd00:1::1', 'fd00:1::/32'],
])('the longest prefix that contains %s is %s', (address, prefix) => {
  const lookup = createPrefixLookup(ROUTES, requirePrefix);
  expect(lookup(parseAddress(address) ?? { family: 4, value: 0n })).toBe(prefix);
});

test('without a default route nothing contains an address of elsewhere', () => {
  const lookup = createPrefixLookup(['10.0.0.0/8', 'fd00::/8'], requirePrefix);
  expect(lookup(requirePrefix('192.0.2.1/32'))).toBe(null);
  expect(lookup(requirePrefix('2001:db8::1/128'))).toBe(null);
});

test('the longest match is that of a walk through all prefixes', () => {
  const prefix = fc
    .record({ value: fc.bigInt({ min: 0n, max: 255n }), length: fc.integer({ min: 24, max: 32 }) })
    .map((one) => ({ family: 4 as const, ...one }));
  fc.assert(
    fc.property(fc.array(prefix), fc.bigInt({ min: 0n, max: 255n }), (prefixes, value) => {
      const address = { family: 4 as const, value };
      const all = prefixes.filter((one) => prefixContains(one, address));
      const longest = Math.max(...all.map(({ length }) => length));
      expect(createPrefixLookup(prefixes, (one) => one)(address)).toBe(
        all.find(({ length }) => length === longest) ?? null,
      );
    }),
  );
});

test.each([
  ['bridg', ['bridges', 'bridge'], 'bridge'],
  ['Bridges', ['bridges', 'bonds'], 'bridges'],
  ['rdm', ['red', 'blue'], null],
  ['rde', ['red', 'blue'], 'red'],
  ['addres', ['address', 'addresses'], 'address'],
  ['mtu', ['mac', 'mtus'], 'mtus'],
  ['x', ['y', 'zz'], 'y'],
  ['nat', [], null],
  ['forwarding', ['portForwards', 'forward'], 'forward'],
  ['completely-other', ['bridges'], null],
])('%s was meant to be one of %j: %s', (text, candidates, match) => {
  expect(closestMatch(text, candidates)).toBe(match);
});
