import { describe, expect, test } from 'vitest';
import { isHostNews } from '../../../src/kernel/monitor/lab-news.ts';
import { stringAttribute, u32Attribute } from '../../../src/net/netlink-attributes.ts';

const [LINK, ADDRESS, ROUTE, RULE] = [16, 21, 24, 32];
const KERNEL = 2;
const STATIC = 4;

const links = () => ({ names: new Set(['lan']), indexes: new Set([7]) });
const head = (length: number, set: (body: Buffer) => void): Buffer => {
  const body = Buffer.alloc(length);
  set(body);
  return body;
};
const link = (index: number, name: string) =>
  Buffer.concat([head(16, (body) => body.writeInt32LE(index, 4)), stringAttribute(3, name)]);
const address = (index: number) => head(8, (body) => body.writeInt32LE(index, 4));
const route = (protocol: number, index: number) =>
  Buffer.concat([head(12, (body) => body.writeUInt8(protocol, 5)), u32Attribute(4, index)]);
const table = (name: string) => Buffer.concat([Buffer.alloc(4), stringAttribute(1, name)]);

describe('what is heard in the host', () => {
  test.each([
    { what: 'a link of a lab', type: LINK, body: link(7, 'lan'), isNews: true },
    { what: 'one that was renamed', type: LINK, body: link(7, 'other'), isNews: true },
    { what: 'one that was made again', type: LINK, body: link(9, 'lan'), isNews: true },
    { what: 'a link of a container', type: LINK, body: link(8, 'veth12'), isNews: false },
    { what: 'an address of a lab', type: ADDRESS, body: address(7), isNews: true },
    { what: 'an address of others', type: ADDRESS, body: address(8), isNews: false },
    { what: 'a route through a link of a lab', type: ROUTE, body: route(KERNEL, 7), isNews: true },
    { what: 'a route that came with a link of others', type: ROUTE, body: route(KERNEL, 8), isNews: false },
    { what: 'a route that a person made', type: ROUTE, body: route(STATIC, 8), isNews: true },
    { what: 'a rule', type: RULE, body: Buffer.alloc(12), isNews: true },
    { what: 'a table of a lab', type: 0xa06, body: table('netform_red'), isRuleset: true, isNews: true },
    { what: 'a table of others', type: 0xa06, body: table('filter'), isRuleset: true, isNews: false },
  ])('$what counts: $isNews', ({ type, body, isNews, isRuleset = false }) => {
    const message = { type, body, flags: 0, sequence: 0 };
    expect(isHostNews({ netns: 'host', isRuleset, message }, links())).toBe(isNews);
  });

  test('a link that was made again is known by its new index', () => {
    const known = links();
    const say = (type: number, body: Buffer) =>
      isHostNews({ netns: 'host', isRuleset: false, message: { type, body, flags: 0, sequence: 0 } }, known);
    expect([say(ADDRESS, address(9)), say(LINK, link(9, 'lan')), say(ADDRESS, address(9))]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
