import { describe, expect, test } from 'vitest';
import { findFirewallDrops, isInSameTable } from '../../../src/firewall/evaluate-chains.ts';
import type { Chain, FilterCondition, FilterRule, ProbePacket, Verdict } from '../../../src/model/kernel/firewall.ts';

const PACKET: ProbePacket = {
  ...{ family: 4, iif: 'lan0', oif: 'eth0', forwarded: false },
  ...{ from: '10.0.0.2', to: '192.0.2.1' },
};
const DROP: Verdict = { do: 'drop' };
const ACCEPT: Verdict = { do: 'accept' };
const jump = (chain: string): Verdict => ({ do: 'jump', chain });
const goto = (chain: string): Verdict => ({ do: 'goto', chain });

const rule = (verdict: Verdict, ...conditions: readonly FilterCondition[]): FilterRule => ({ conditions, verdict });
const chain = (name: string, rules: readonly FilterRule[], more: Partial<Chain> = {}): Chain => ({
  ...{ program: 'nft', family: 'ip', table: 'filter', name, forward: null, rules },
  ...more,
});
const forward = (
  rules: readonly FilterRule[],
  policy: 'accept' | 'drop' = 'accept',
  more: Partial<Chain> = {},
): Chain => chain('FORWARD', rules, { forward: { policy }, ...more });

/** Where a packet is dropped: the deciding chain, and whether its policy did it; null: nowhere. */
function dropped(chains: readonly Chain[], packet: Partial<ProbePacket> = {}): string | null {
  const [drop] = findFirewallDrops(chains, [{ ...PACKET, ...packet }]);
  return drop === undefined ? null : `${drop.by.name}${drop.policy ? ' by its policy' : ''}`;
}

describe('a chain is walked as the kernel walks it', () => {
  test.each<readonly [string, readonly Chain[], string | null]>([
    ['no chain drops nothing', [], null],
    ['a chain without a hook is never entered', [chain('x', [rule(DROP)])], null],
    ['an empty chain leaves it to its policy', [forward([], 'drop')], 'FORWARD by its policy'],
    ['the first rule that decides is the last that is read', [forward([rule(ACCEPT), rule(DROP)], 'drop')], null],
    ['a rule that only counts goes on', [forward([rule({ do: 'go-on' }), rule(DROP)])], 'FORWARD'],
    [
      'return in the base chain leaves it to the policy',
      [forward([rule({ do: 'return' }), rule(ACCEPT)], 'drop')],
      'FORWARD by its policy',
    ],
    ['a jump decides', [forward([rule(jump('x'))]), chain('x', [rule(DROP)])], 'x'],
    [
      'a jump that does not decide comes back',
      [forward([rule(jump('x')), rule(DROP)]), chain('x', [rule({ do: 'return' }), rule(ACCEPT)])],
      'FORWARD',
    ],
    ['a goto does not come back', [forward([rule(goto('x')), rule(DROP)], 'accept'), chain('x', [])], null],
    [
      'after a goto in a called chain its caller goes on',
      [forward([rule(jump('x')), rule(DROP)]), chain('x', [rule(goto('y')), rule(ACCEPT)]), chain('y', [])],
      'FORWARD',
    ],
    ['a jump to no chain goes on', [forward([rule(jump('none')), rule(DROP)])], 'FORWARD'],
    ['a jump stays in its table', [forward([rule(jump('x'))]), chain('x', [rule(DROP)], { table: 'other' })], null],
    [
      'a circle of jumps ends',
      [forward([rule(jump('x'))], 'drop'), chain('x', [rule(jump('x'))])],
      'FORWARD by its policy',
    ],
    [
      'an accept in one chain of the hook does not help against a drop in another',
      [forward([rule(ACCEPT)]), forward([rule(DROP)], 'accept', { name: 'second', table: 'other' })],
      'second',
    ],
    ['a chain of the other family has no say', [forward([rule(DROP)], 'drop', { family: 'ip6' })], null],
    ['a chain of inet has a say for both', [forward([rule(DROP)], 'accept', { family: 'inet' })], 'FORWARD'],
  ])('evaluates chains: %s', (_, chains, where) => {
    expect(dropped(chains)).toBe(where);
  });

  test('every packet and every chain that drops it is reported', () => {
    const chains = [forward([rule(DROP)]), forward([], 'drop', { name: 'second' })];
    const drops = findFirewallDrops(chains, [PACKET, { ...PACKET, to: '192.0.2.2' }]);
    expect(drops.map(({ base, flow, policy }) => [base.name, flow.to, policy])).toEqual([
      ['FORWARD', '192.0.2.1', false],
      ['second', '192.0.2.1', true],
      ['FORWARD', '192.0.2.2', false],
      ['second', '192.0.2.2', true],
    ]);
  });
});

describe('a condition holds for a packet', () => {
  type Known = Exclude<FilterCondition, { on: 'unknown' }>;
  test.each<readonly [Known['on'], readonly string[], Partial<ProbePacket>, boolean]>([
    ['iif', ['lan0'], {}, true],
    ['iif', ['lan1', 'lan0'], {}, true],
    ['iif', ['lan'], {}, false],
    ['iif', ['lan*'], {}, true],
    ['iif', ['lan+'], {}, true],
    ['oif', ['eth1'], {}, false],
    ['oif', ['eth0'], { oif: null }, false],
    ['oif', ['eth*'], { oif: null }, false],
    ['oif', ['+'], { oif: null }, true],
    ['from', ['10.0.0.0/24'], {}, true],
    ['from', ['10.0.1.0/24', '10.0.0.2'], {}, true],
    ['from', ['10.0.0.3'], {}, false],
    ['from', ['10.0.0.0/24'], { from: null }, false],
    ['from', ['::/0'], {}, false],
    ['to', ['0.0.0.0/0'], {}, true],
    ['to', ['fd00::/8'], { family: 6, to: 'fd00::1' }, true],
    ['protocol', ['ip'], {}, true],
    ['protocol', ['ip6'], {}, false],
    ['protocol', ['ip6'], { family: 6 }, true],
    ['state', ['new'], {}, true],
    ['state', ['established', 'related'], {}, false],
    ['state', ['dnat'], {}, false],
    ['state', ['dnat'], { forwarded: true }, true],
  ])('%s %j for %j: %s', (on, values, packet, holds) => {
    const chains = (not: boolean) => [forward([rule(DROP, { on, not, values })], 'accept', { family: 'inet' })];
    expect(dropped(chains(false), packet) !== null).toBe(holds);
    expect(dropped(chains(true), packet) !== null, 'its negation').toBe(!holds);
  });

  test('all conditions of a rule have to hold, and one that is not understood does not', () => {
    const lan: FilterCondition = { on: 'iif', not: false, values: ['lan0'] };
    const elsewhere: FilterCondition = { on: 'to', not: false, values: ['10.9.0.0/16'] };
    expect(dropped([forward([rule(DROP, lan)])])).toBe('FORWARD');
    expect(dropped([forward([rule(DROP, lan, elsewhere)])])).toBe(null);
    expect(dropped([forward([rule(DROP, lan, { on: 'unknown' })])])).toBe(null);
  });
});

test('a table is named by its program, its family and its name', () => {
  const one = chain('a', []);
  expect(isInSameTable(one, chain('b', []))).toBe(true);
  for (const more of [{ table: 'nat' }, { family: 'ip6' as const }, { program: 'iptables-legacy' as const }])
    expect(isInSameTable(one, chain('b', [], more))).toBe(false);
});
