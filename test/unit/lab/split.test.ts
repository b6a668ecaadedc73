import { expect, test } from 'vitest';
import { checkCodes } from '../../../src/model/diagnostics/check-codes.ts';
import { diagnose } from '../../support/diagnose.ts';

const lines = (text: string): readonly string[] =>
  diagnose(text, { file: 'lab.yaml', live: null }).diagnostics.map(
    ({ check, message, hint }) => `${checkCodes[check]} ${message}: ${hint}`,
  );

test('an unknown namespace, an unknown share, and a first address of nothing are one message each', () => {
  expect(
    lines(`version: 1
name: example
subnets:
  pods: { cidr: 10.4.0.0/16, split: { prefix: 24, among: [n1, n4] } }
namespaces:
  n1:
    bridges: { a: { subnet: pods, address: first } }
    routes: [{ to: pods@n3, via: 10.4.0.9 }]
  n2:
    bridges: { a: { address: first } }
`),
  ).toEqual([
    'NF2001 there is no namespace n4: did you mean n1?',
    'NF1011 there is no first address without a subnet: write `subnet`, or an address',
    'NF2004 there is no share pods@n3: did you mean pods@n1?',
  ]);
});

test('selectors and the machine have shares, too; a share is a subnet in NAT, routes and rules', () => {
  expect(
    lines(`version: 1
name: example
subnets:
  pods: { cidr: [10.4.0.0/16, "fd00:4::/56"], split: { prefix: [24, 64], among: [{ role: node }, host] } }
bridges: { lan: { subnet: pods, address: [first, 10.4.1.9] } }
nat: [{ masquerade: pods@n1, out: eth0 }]
namespaces:
  n1:
    labels: { role: node }
    forwarding: true
    bridges: { cni0: { subnet: pods, address: first } }
    interfaces: { eth0: { bridge: lan } }
    rules: [{ from: pods@n1, table: 7, priority: 70 }]
    routes: [{ to: pods@host, dev: eth0, table: 7 }]
  a: { interfaces: { eth0: { bridge: "n1:cni0" } } }
`),
  ).toEqual([]);
});
