import { expect, test } from 'vitest';
import { bytesAttribute, u8Attribute, u32Attribute } from '../../../src/net/netlink-attributes.ts';
import { listUnusualAttributes, type UsualAttributes, usualAttributes } from '../../../src/net/unusual-attributes.ts';

const TABLE: UsualAttributes = {
  read: new Set([1]),
  usual: usualAttributes([
    [2, 'isolated'],
    [3, 'cost', 2, 100],
    [4, 'offset'],
  ]),
};
const u64 = Buffer.alloc(8);
u64.writeBigUInt64LE(25_500n);

test.each([
  ['what a resource carries is not listed', u8Attribute(1, 9), []],
  ['usual values are not listed', Buffer.concat([u8Attribute(2, 0), u32Attribute(3, 100)]), []],
  ['others are, with their names', u8Attribute(2, 1), [{ name: 'isolated', value: '1' }]],
  ['64 bits are a number, too', bytesAttribute(3, u64), [{ name: 'cost', value: '25500' }]],
  ['what is not a number is in hex', bytesAttribute(4, Buffer.from([1, 2, 3])), [{ name: 'offset', value: '010203' }]],
  ['an unknown number is kept with its bytes', u8Attribute(99, 7), [{ name: 'attribute 99', value: '07' }]],
  ['an unknown number that is zero is not', u32Attribute(99, 0), []],
])('lists attributes: %s', (_, bytes, found) => {
  expect(listUnusualAttributes(bytes, TABLE)).toEqual(found);
});

test('unknown numbers may be ignored, and attributes may begin later', () => {
  const body = Buffer.concat([Buffer.alloc(16), u8Attribute(99, 7), u8Attribute(2, 1)]);
  expect(listUnusualAttributes(body, { ...TABLE, others: 'ignored' }, 16)).toEqual([{ name: 'isolated', value: '1' }]);
});
