import { expect, test } from 'vitest';
import { gratuitousFrame } from '../../../src/kernel/packets/gratuitous-frame.ts';

const mac = '02:00:00:00:00:07';
const hex = (address: string, isRouter = false): string =>
  gratuitousFrame({ address, mac, isRouter })
    .toString('hex')
    .replace(/(.{4})(?=.)/g, '$1 ');

test('an IPv4 address is announced by a request for itself', () => {
  expect(hex('10.1.0.7')).toBe(
    [
      'ffff ffff ffff 0200 0000 0007 0806',
      '0001 0800 0604 0001 0200 0000 0007 0a01 0007 0000 0000 0000 0a01 0007',
    ].join(' '),
  );
});

test.each([
  ['of a host', false, '2000', '5a87'],
  ['of a router', true, 'a000', 'da86'],
])('an IPv6 address is announced by an advertisement that overrides: %s', (_, isRouter, flags, sum) => {
  expect(hex('fd00:1::7', isRouter)).toBe(
    [
      '3333 0000 0001 0200 0000 0007 86dd',
      '6000 0000 0020 3aff fd00 0001 0000 0000 0000 0000 0000 0007 ff02 0000 0000 0000 0000 0000 0000 0001',
      `8800 ${sum} ${flags} 0000 fd00 0001 0000 0000 0000 0000 0000 0007 0201 0200 0000 0007`,
    ].join(' '),
  );
});
