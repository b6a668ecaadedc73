import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nftElementChanges } from '../../../src/net/nft-element-changes.ts';

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
const changes = (from: string, to: string) => nftElementChanges('inet netform_x', from, to);

test('what goes is named by its key, before what comes', () => {
  const moved = table(many)
    .replace('1003 : fd00::2 . 80', '1003 : fd00::3 . 80')
    .replace('\t\t\ttcp . 1004', '\t\t\tudp . 1004');
  expect(changes(table(many), moved)).toBe(
    [
      'delete element inet netform_x forward6 { tcp . 1003, tcp . 1004 }\n',
      'add element inet netform_x forward6 { tcp . 1003 : fd00::3 . 80, udp . 1004 : fd00::2 . 80 }\n',
    ].join(''),
  );
});

test('a table that differs elsewhere, in nothing or in much is loaded whole', () => {
  expect(changes(table(many), table([...many, 80], 'accept'))).toBe(null);
  expect(changes(table(many), table(many))).toBe(null);
  expect(changes(table(many), table(many.toReversed()))).toBe(null);
  expect(changes(table(many), table(many.slice(6)))).toBe(null);
  expect(changes(table(many), table(many.slice(5)))).not.toBe(null);
  const withoutMap = table([1]).replace(/\tmap [^}]*\}\n\t\}\n/, '');
  expect(withoutMap).not.toContain('map');
  expect(changes(table(many), withoutMap)).toBe(null);
  expect(changes(withoutMap, table(many))).toBe(null);
});

test('done to the elements of one list, the commands give the other', () => {
  const ports = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(ports, ports, (before, after) => {
      const commands = changes(table(before), table(after));
      if (commands === null) return;
      const result = new Set(before);
      for (const [, verb, list = ''] of commands.matchAll(/^(delete|add) .* \{ (.*) \}$/gm))
        for (const [, port] of list.matchAll(/tcp \. (\d+)/g)) result[verb === 'add' ? 'add' : 'delete'](Number(port));
      expect([...result].sort()).toEqual([...after].sort());
    }),
  );
});
