import { expect, test } from 'vitest';
import { acceptCommands, leftAcceptCommands } from '../../../src/doctor/accept-rules.ts';
import { findFirewallDrops } from '../../../src/firewall/evaluate-chains.ts';
import type { Chain, FilterRule, ProbePacket } from '../../../src/model/kernel/firewall.ts';

const rule = (
  handle: number,
  verdict: 'accept' | 'drop',
  conditions: { [on: string]: readonly string[] },
): FilterRule => ({
  handle,
  verdict: { do: verdict },
  conditions: Object.entries(conditions).map(([on, values]) => ({ on: on as 'iif', not: false, values })),
});

const chain = (more: Partial<Chain>): Chain => ({
  ...{ program: 'nft', family: 'ip', table: 'filter', name: 'FORWARD', forward: { policy: 'drop' }, rules: [] },
  ...more,
});

const flow = (more: Partial<ProbePacket>): ProbePacket => ({
  ...{ family: 4, iif: 'lan', oif: 'eth0', from: null, to: null, forwarded: false },
  ...more,
});

/** The remedy for packets from lan to eth0, and for their answers. */
function remedy(base: Chain): readonly string[] {
  return acceptCommands([base], base, findFirewallDrops([base], [flow({})]));
}

const OUT = { iif: ['lan'], oif: ['eth0'] };
const ANSWERS = { iif: ['eth0'], oif: ['lan'], state: ['related', 'established'] };

test('a remedy that is in place is not printed again (D9)', () => {
  const [go, back] = remedy(chain({}));
  expect([go, back]).toEqual([
    'iptables-nft -I FORWARD -i lan -o eth0 -j ACCEPT',
    'iptables-nft -I FORWARD -i eth0 -o lan -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
  ]);
  expect(remedy(chain({ rules: [rule(1, 'accept', ANSWERS)] }))).toEqual([go]);
  // What comes too late is moved.
  const late = [rule(1, 'drop', { iif: ['lan'] }), rule(2, 'accept', OUT), rule(3, 'accept', ANSWERS)];
  expect(remedy(chain({ rules: late }))).toEqual([go?.replace('-I', '-D'), go]);
  expect(remedy(chain({ family: 'inet', table: 'fw', name: 'f', rules: late }))).toEqual([
    'nft delete rule inet fw f handle 2',
    `nft 'insert rule inet fw f iifname "lan" oifname "eth0" accept'`,
  ]);
});

test('accepts of links that are gone are found, with the command that removes each (D9)', () => {
  const rules = [
    rule(1, 'accept', OUT),
    rule(2, 'accept', ANSWERS),
    rule(3, 'drop', OUT),
    rule(4, 'accept', { ...OUT, from: ['10.0.0.0/8'] }),
    rule(5, 'accept', { iif: ['eth0'] }),
    rule(6, 'accept', { oif: ['lan'], to: ['10.1.0.2/32'] }),
  ];
  const gone = new Set(['lan']);
  expect(leftAcceptCommands([chain({ rules })], gone)).toEqual([
    'iptables-nft -D FORWARD -i lan -o eth0 -j ACCEPT',
    'iptables-nft -D FORWARD -i eth0 -o lan -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
    'iptables-nft -D FORWARD -o lan -d 10.1.0.2 -j ACCEPT',
  ]);
  const legacy = chain({ program: 'ip6tables-legacy', family: 'ip6', rules: rules.slice(0, 1) });
  expect(leftAcceptCommands([legacy], gone)).toEqual(['ip6tables-legacy -D FORWARD -i lan -o eth0 -j ACCEPT']);
  expect(leftAcceptCommands([chain({ table: 'fw', rules: rules.slice(0, 1) })], gone)).toEqual([
    'nft delete rule ip fw FORWARD handle 1',
  ]);
  expect(leftAcceptCommands([chain({ rules })], new Set(['wlan0']))).toEqual([]);
});
