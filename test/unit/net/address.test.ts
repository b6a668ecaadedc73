import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  canonicalAddress,
  familyOf,
  formatAddress,
  isLinkLocalAddress,
  parseAddress,
} from '../../../src/net/address.ts';

test.each([
  ['0.0.0.0', 0n],
  ['10.0.0.1', 0x0a000001n],
  ['255.255.255.255', 0xffffffffn],
])('%s is an IPv4 address', (text, value) => {
  expect(parseAddress(text)).toEqual({ family: 4, value });
  expect(canonicalAddress(text)).toBe(text);
});

test.each([
  ['RFC 5952, 4.1: leading zeros go', '2001:0db8::0001', '2001:db8::1'],
  ['4.2.1: as short as it can be', '2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
  ['4.2.2: one group of zeros stays', '2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['4.2.2: one group of zeros is written out', '2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['4.2.3: the longest run is shortened', '2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['4.2.3: of two equal runs the first', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['4.3: lower case', '2001:DB8::ABCD', '2001:db8::abcd'],
  ['the unspecified address', '0:0:0:0:0:0:0:0', '::'],
  ['loopback', '0000:0000:0000:0000:0000:0000:0000:0001', '::1'],
  ['a run at the end', '2001:db8:1:2:0:0:0:0', '2001:db8:1:2::'],
  ['a run at the beginning', '0:0:0:0:1:2:3:4', '::1:2:3:4'],
  ['an IPv4-mapped address in groups', '::ffff:a00:1', '::ffff:a00:1'],
])('%s: %s is %s', (_, text, canonical) => {
  expect(canonicalAddress(text)).toBe(canonical);
  expect(canonicalAddress(canonical)).toBe(canonical);
});

test.each([
  ['', 'nothing'],
  ['10.0.0', 'three octets'],
  ['10.0.0.1.2', 'five octets'],
  ['10.0.0.256', 'an octet above 255'],
  ['010.0.0.1', 'a leading zero, octal for inet_aton'],
  ['0x0a.0.0.1', 'hexadecimal'],
  ['167772161', 'one number'],
  ['10.0.0.-1', 'a sign'],
  ['10.0.0.1 ', 'a space'],
  ['10.0.0.１', 'a digit of another script'],
  ['1:2:3:4:5:6:7', 'seven groups'],
  ['1:2:3:4:5:6:7:8:9', 'nine groups'],
  ['1::2::3', 'two runs'],
  ['1:2:3:4:5:6:7:8::', 'a run of nothing'],
  ['12345::', 'a group of five digits'],
  [':::', 'three colons'],
  [':1:2:3:4:5:6:7', 'a colon before the first group'],
  ['g::', 'no digit'],
  ['fe80::1%eth0', 'a zone id'],
  ['::ffff:10.0.0.1', 'an IPv4 part in IPv6'],
  ['[::1]', 'brackets'],
  ['10.0.0.1/24', 'a prefix'],
])('%j is not an address (%s)', (text) => {
  expect(parseAddress(text)).toBe(null);
  expect(canonicalAddress(text)).toBe(null);
});

test('text and number are two forms of each address, and Node reads the text as the same family', () => {
  const ipv4 = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map((value) => ({ family: 4 as const, value }));
  const ipv6 = fc
    .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 })
    .map((groups) => ({ family: 6 as const, value: groups.reduce((sum, group) => (sum << 16n) + BigInt(group), 0n) }));
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6), (address) => {
      const text = formatAddress(address);
      expect(parseAddress(text)).toEqual(address);
      expect(isIP(text)).toBe(address.family);
      expect(familyOf(text)).toBe(address.family);
      // WHATWG URLs shorten IPv6 as RFC 5952 does.
      if (address.family === 6) expect(new URL(`http://[${text}]`).hostname).toBe(`[${text}]`);
    }),
  );
});

test('what is read as an address is one for Node too', () => {
  const characters = fc.constantFrom(...'0123456789abf:.%x/ ');
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 12 }), (text) => {
      const address = parseAddress(text);
      if (address !== null) expect(isIP(text)).toBe(address.family);
    }),
  );
});

test.each([
  ['169.254.0.1', true],
  ['169.253.255.255', false],
  ['169.254.0', false],
  ['fe80::1', true],
  ['febf:ffff::1', true],
  ['FE80::1', true],
  ['fec0::1', false],
  ['fe8::1', false],
])('%s is link-local: %s', (text, isLinkLocal) => {
  expect(isLinkLocalAddress(text)).toBe(isLinkLocal);
});
