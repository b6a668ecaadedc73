import { describe, expect, test } from 'vitest';
import { nextFreeSubnet, subnetRemedy } from '../../../src/checks/addresses/free-subnet.ts';
import { requirePrefix } from '../../../src/net/prefix.ts';

const free = (wanted: string, taken: readonly string[]) =>
  nextFreeSubnet(() => taken.map(requirePrefix))(requirePrefix(wanted));

describe('the free subnet that a remedy names (H1)', () => {
  test.each([
    ['172.17.0.0/16', ['172.17.0.0/16'], '10.17.0.0/16'],
    ['172.17.0.0/24', ['172.17.0.0/16', '10.17.0.0/25'], '10.17.1.0/24'],
    ['10.77.0.0/24', ['10.77.0.0/24', '10.77.1.128/25', '10.77.2.0/23'], '10.77.4.0/24'],
    ['10.255.255.0/24', ['10.255.255.0/24'], '10.0.0.0/24'],
    ['192.168.1.0/24', ['192.168.0.0/16'], '10.168.1.0/24'],
    ['203.0.113.0/24', ['203.0.113.0/24'], '10.0.113.0/24'],
    ['10.1.0.0/24', ['10.0.0.0/8', '192.168.0.0/16'], '172.16.0.0/24'],
    ['10.1.0.0/24', ['10.0.0.0/8', '192.168.0.0/16', '172.16.0.0/12'], null],
    ['0.0.0.0/0', [], null],
    ['fd00:77::/64', ['fd00:77::/64'], 'fd00:77:0:1::/64'],
    ['2001:db8::/64', ['2001:db8::/32', 'fd00::/16'], 'fd01::/64'],
  ])('instead of %s beside %j is %s', (wanted, taken, expected) => {
    expect(free(wanted, taken)).toBe(expected);
  });

  test('is another one for each subnet that needs one', () => {
    const next = nextFreeSubnet(() => [requirePrefix('172.16.0.0/12')]);
    const found = ['172.17.0.0/24', '172.17.0.0/24', '172.18.0.0/24'].map((text) => next(requirePrefix(text)));
    expect(found).toEqual(['10.17.0.0/24', '10.17.1.0/24', '10.18.0.0/24']);
    expect(subnetRemedy(found)).toBe(
      'choose other subnets (10.17.0.0/24, 10.17.1.0/24 and 10.18.0.0/24 are free on this machine)',
    );
    expect(subnetRemedy([null])).toBe('choose another subnet');
  });
});
