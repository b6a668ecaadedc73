import { expect, test } from 'vitest';
import { fillFacts, unknownFacts } from '../../../src/reconcile/host-facts.ts';
import { circleIn, orderLabs } from '../../../src/reconcile/lab-order.ts';

test('labs stand behind those that come before them, else by name', () => {
  expect(orderLabs(['shop', 'b', 'underlay', 'a'], { shop: ['underlay'], a: ['shop'] })).toEqual([
    'underlay',
    'shop',
    'a',
    'b',
  ]);
  expect(orderLabs(['b', 'a'], { a: ['gone'] })).toEqual(['a', 'b']);
});

test('a circle is found and named', () => {
  expect(circleIn({ a: ['b'], b: ['c'], c: ['a'], d: [] })).toEqual(['a', 'b', 'c', 'a']);
  expect(circleIn({ a: ['b', 'c'], b: ['c'] })).toBe(null);
});

test('facts of a machine are filled in, and what it lacks is named', () => {
  const facts = { name: 'vm1', addresses: new Map([['eth0', '192.0.2.7']]) };
  const [name, address] = ['host.name', 'host.address.eth0'].map((fact) => `\${${fact}}`) as [string, string];
  expect(fillFacts(`${name}/${address}`, facts)).toEqual({ text: 'vm1/192.0.2.7' });
  expect(fillFacts(address, { ...facts, addresses: new Map() })).toEqual({ lacks: 'host.address.eth0' });
  expect(unknownFacts(['HOME', 'host.address.', 'host.name'].map((fact) => `\${${fact}}`).join(' '))).toEqual([
    'HOME',
    'host.address.',
  ]);
});
