import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nftTableChanges } from '../../../src/net/nft-table-changes.ts';

const table = (ports: readonly number[], rule = 'masquerade'): string =>
  [
    'table inet netform_x {',
    '\tset marker {',
    '\t\ttype ipv4_addr',
    '\t}',
    '\tmap forward6 {',
    '\t\ttype inet_proto . inet_service : ipv6_addr . inet_service',
    '\t\telements = {',
    `\t\t\t${ports.map((port) => `tcp . ${port} : fd00::2 . 80`).join(',\n\t\t\t')}`,
    '\t\t}',
    '\t}',
    '\tchain post {',
    `\t\t${rule}`,
    '\t}',
    '}',
    '',
  ].join('\n');
const many = Array.from({ length: 20 }, (_, i) => 1000 + i);
/** The transactions, with a line between them. */
const changes = (from: string, to: string) => nftTableChanges('inet netform_x', from, to)?.join('--\n') ?? null;

test('an element is replaced by its key; what goes alone goes afterwards', () => {
  const moved = table(many)
    .replace('1003 : fd00::2 . 80', '1003 : fd00::3 . 80')
    .replace('\t\t\ttcp . 1004', '\t\t\tudp . 1004');
  expect(changes(table(many), moved)).toBe(
    [
      'delete element inet netform_x forward6 { tcp . 1003 }\n',
      'add element inet netform_x forward6 { tcp . 1003 : fd00::3 . 80, udp . 1004 : fd00::2 . 80 }\n',
      '--\n',
      'delete element inet netform_x forward6 { tcp . 1004 }\n',
    ].join(''),
  );
});

test('elements of intervals, which cannot overlap, go before others come', () => {
  const intervals = (ports: readonly number[]) =>
    table(ports).replace('\t\telements', '\t\tflags interval\n\t\telements');
  expect(changes(intervals([1, 2]), intervals([2, 3]))).toBe(
    'delete element inet netform_x forward6 { tcp . 1 }\nadd element inet netform_x forward6 { tcp . 3 : fd00::2 . 80 }\n',
  );
});

test('a chain is emptied and filled again, after what it leads to is made, and before what it led to goes', () => {
  const more = table([...many, 80], 'jump more').replace(
    '\tchain post',
    '\tchain more {\n\t\taccept\n\t}\n\tchain post',
  );
  expect(changes(table(many), more)).toBe(`create chain inet netform_x more
table inet netform_x {
\tchain more {
\t\taccept
\t}
}
--
flush chain inet netform_x post
table inet netform_x {
\tchain post {
\t\tjump more
\t}
}
add element inet netform_x forward6 { tcp . 80 : fd00::2 . 80 }
`);
  expect(changes(more, table(many))).toBe(`flush chain inet netform_x post
table inet netform_x {
\tchain post {
\t\tmasquerade
\t}
}
--
delete element inet netform_x forward6 { tcp . 80 }
flush chain inet netform_x more
delete chain inet netform_x more
`);
  const hooked = more.replace('\t\taccept', '\t\ttype nat hook output priority -100; policy accept;');
  expect(changes(table(many), hooked)?.split('--')).toHaveLength(1);
  const withoutMap = table([1]).replace(/\tmap [^}]*\}\n\t\}\n/, '');
  expect(withoutMap).not.toContain('map');
  expect(changes(table(many), withoutMap)).toBe('delete map inet netform_x forward6\n');
  expect(changes(withoutMap, table([1]))).toBe(`table inet netform_x {
\tmap forward6 {
\t\ttype inet_proto . inet_service : ipv6_addr . inet_service
\t\telements = {
\t\t\ttcp . 1 : fd00::2 . 80
\t\t}
\t}
}
`);
});

test('a set of another type is deleted and made, unless rules refer to it', () => {
  const marked = (mark: string, rule?: string) =>
    table(many, rule).replace('ipv4_addr', `ipv4_addr\n\t\tcomment "${mark}"`);
  expect(changes(marked('one'), marked('two'))).toBe(`delete set inet netform_x marker
table inet netform_x {
\tset marker {
\t\ttype ipv4_addr
\t\tcomment "two"
\t}
}
`);
  const rule = 'ip saddr @marker masquerade';
  expect(changes(marked('one', rule), marked('two', rule))).toBe(null);
});

test('nothing changes a table to itself, nor one that netform did not write', () => {
  expect(changes(table(many), table(many))).toBe(null);
  expect(changes(table(many), table(many.toReversed()))).toBe(null);
  expect(changes('table inet netform_x { chain post { accept } }', table(many))).toBe(null);
  expect(changes(table(many), 'table inet netform_x { chain post { accept } }')).toBe(null);
  const hooked = 'type nat hook postrouting priority srcnat; policy accept;\n\t\tmasquerade';
  expect(changes(table(many, hooked), table(many, hooked.replace('srcnat', '0')))).toBe(null);
});

test('done to the elements of one list, the commands give the other', () => {
  const ports = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(ports, ports, (before, after) => {
      const commands = changes(table(before), table(after)) ?? '';
      const result = new Set(before);
      for (const [, verb, list = ''] of commands.matchAll(/^(delete|add) .* \{ (.*) \}$/gm))
        for (const [, port] of list.matchAll(/tcp \. (\d+)/g)) result[verb === 'add' ? 'add' : 'delete'](Number(port));
      expect([...result].sort()).toEqual([...after].sort());
    }),
  );
});
