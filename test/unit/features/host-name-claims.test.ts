import { expect, test } from 'vitest';
import { hostNameClaims } from '../../../src/features/names/file-lines.ts';

test('a lab claims each name that it writes into /etc/hosts of the machine', () => {
  const claims = hostNameClaims(['10.0.0.2 red', 'fd00::2 red db']);
  expect(claims.map(({ text }) => text)).toEqual(['the name red in /etc/hosts', 'the name db in /etc/hosts']);
});

test('the name host, which every lab writes, is claimed by none', () => {
  expect(hostNameClaims(['10.0.0.1 host'])).toEqual([]);
});
