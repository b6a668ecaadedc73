import { BlockList } from 'node:net';
import fc from 'fast-check';
import IPCIDR from 'ip-cidr';
import { expect, test } from 'vitest';
import { formatAddress, parseAddress } from '../../../src/net/address.ts';
import {
  firstAddress,
  formatPrefix,
  hasHostBits,
  hostRange,
  lastAddress,
  networkText,
  parsePrefix,
  prefixAddressText,
  prefixContains,
  prefixContainsText,
  prefixesOverlap,
  prefixSize,
  requirePrefix,
  reservedAddressRole,
} from '../../../src/net/prefix.ts';

test.each([
  ['10.0.0.5/24', '10.0.0.5/24', '10.0.0.0/24', true],
  ['10.0.0.0/24', '10.0.0.0/24', '10.0.0.0/24', false],
  ['0.0.0.0/0', '0.0.0.0/0', '0.0.0.0/0', false],
  ['10.0.0.5/32', '10.0.0.5/32', '10.0.0.5/32', false],
  ['FD00:0:0::1/64', 'fd00::1/64', 'fd00::/64', true],
  ['::/0', '::/0', '::/0', false],
  ['::1/128', '::1/128', '::1/128', false],
])('%s is written %s, in the network %s', (text, canonical, network, isHost) => {
  const prefix = requirePrefix(text);
  expect(formatPrefix(prefix)).toBe(canonical);
  expect(networkText(text)).toBe(network);
  expect(prefixAddressText(text)).toBe(canonical.split('/')[0]);
  expect(hasHostBits(prefix)).toBe(isHost);
});

test.each([
  '10.0.0.1',
  '10.0.0.1/',
  '/24',
  '10.0.0.1/33',
  '10.0.0.1/-1',
  '10.0.0.1/024',
  '10.0.0.1/ 24',
  '10.0.0.1/24/8',
  '10.0.0.1/255.255.255.0',
  'fd00::1/129',
  'fd00::1/064',
  'fd00::1/1000',
  'fd00::1%eth0/64',
  '::ffff:10.0.0.1/96',
])('%s is not a prefix', (text) => {
  expect(parsePrefix(text)).toBe(null);
  expect(() => requirePrefix(text)).toThrow(`${text} is not a prefix`);
});

test.each([
  ['10.0.0.0/24', 256n, '10.0.0.1', '10.0.0.254'],
  ['10.0.0.0/30', 4n, '10.0.0.1', '10.0.0.2'],
  ['10.0.0.0/31', 2n, '10.0.0.0', '10.0.0.1'],
  ['10.0.0.7/32', 1n, '10.0.0.7', '10.0.0.7'],
  ['fd00::/64', 2n ** 64n, 'fd00::1', 'fd00::ffff:ffff:ffff:ffff'],
  ['fd00::/127', 2n, 'fd00::', 'fd00::1'],
  ['fd00::5/128', 1n, 'fd00::5', 'fd00::5'],
])('%s has %i addresses, of which hosts may have %s to %s', (text, size, first, last) => {
  const prefix = requirePrefix(text);
  expect(prefixSize(prefix)).toBe(size);
  const range = hostRange(prefix);
  expect(formatAddress({ ...prefix, value: range.first })).toBe(first);
  expect(formatAddress({ ...prefix, value: range.last })).toBe(last);
});

test.each([
  ['10.0.0.0/24', 'network'],
  ['10.0.0.255/24', 'broadcast'],
  ['10.0.0.1/24', null],
  ['10.0.0.0/31', null],
  ['fd00::/64', 'network'],
  ['fd00::ffff:ffff:ffff:ffff/64', null],
])('the address of %s is reserved as %s', (text, role) => {
  expect(reservedAddressRole(requirePrefix(text))).toBe(role);
});

test('an address of the other family is in no prefix, and what is not an address neither', () => {
  expect(prefixContainsText('0.0.0.0/0', 'fd00::1')).toBe(false);
  expect(prefixContainsText('::/0', '10.0.0.1')).toBe(false);
  expect(prefixContainsText('10.0.0.0/8', '10.0.0.999')).toBe(false);
  expect(prefixesOverlap(requirePrefix('0.0.0.0/0'), requirePrefix('::/0'))).toBe(false);
});

const near = (family: 4 | 6) => {
  const [bits, base] = family === 4 ? [32, 0x0a000000n] : [128, 0xfd00n << 112n];
  const value = fc.bigInt({ min: 0n, max: 0xfffn }).map((low) => base + low);
  const prefix = fc.record({ value, length: fc.integer({ min: bits - 14, max: bits }) });
  return fc.record({ prefix, other: prefix }).map((one) => ({
    prefix: { family, ...one.prefix },
    other: { family, ...one.other },
  }));
};

test('containment and overlap are those of Node and of ip-cidr', () => {
  fc.assert(
    fc.property(fc.oneof(near(4), near(6)), ({ prefix, other }) => {
      const text = formatPrefix(prefix);
      const type = prefix.family === 4 ? 'ipv4' : 'ipv6';
      const blocks = new BlockList();
      blocks.addSubnet(formatAddress(prefix), prefix.length, type);
      const address = formatAddress(other);
      const isInside = blocks.check(address, type);
      expect(prefixContains(prefix, other)).toBe(isInside);
      expect(prefixContainsText(text, address)).toBe(isInside);
      const cidr = new IPCIDR(text);
      expect(cidr.contains(address)).toBe(isInside);
      expect(parseAddress(address)).not.toBe(null);
      expect(parsePrefix(text)).toEqual(prefix);
      expect(cidr.start({ type: 'bigInteger' })).toBe(firstAddress(prefix));
      expect(cidr.end({ type: 'bigInteger' })).toBe(lastAddress(prefix));
      const ends = [firstAddress(other), lastAddress(other)].map((value) =>
        blocks.check(formatAddress({ ...other, value }), type),
      );
      expect(prefixesOverlap(prefix, other)).toBe(ends.includes(true) || prefixContains(other, prefix));
      expect(prefixesOverlap(other, prefix)).toBe(prefixesOverlap(prefix, other));
    }),
  );
});
