import { readdirSync, readlinkSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Instruction } from '../../src/model/instruction.ts';
import type { TableLive } from '../../src/model/kernel/live-state.ts';
import { addNetns, answerTo, executeAll, executeFailure, machine, sh } from './kernel-fixture.ts';

const TABLE = 'netform_lab';
const script = (rules: string, elements = '10.0.0.2, 10.0.0.1'): string => `table inet ${TABLE} {
  set lan { type ipv4_addr; elements = { ${elements} } }
  chain post { type nat hook postrouting priority srcnat; policy accept;
    ${rules}
  }
}`;
const plain = script('ip saddr 10.0.0.0/24 masquerade');
const other = script('ip saddr 10.9.0.0/24 masquerade');
const replace = (text: string, netns = 'red'): Instruction => ({
  do: 'nft.replace',
  netns,
  table: TABLE,
  script: text,
});

function compare(scripts: readonly string[], netns = 'red'): TableLive {
  expect(answerTo({ need: 'missing-nft' })).toBe(null);
  const table = answerTo({ need: 'table', netns, key: TABLE, scripts });
  if (!table) throw new Error('no answer');
  return table;
}

test('a table is loaded, listed as nft lists it, replaced whole, and deleted', () => {
  executeAll(addNetns('red'));
  expect(compare([plain])).toMatchObject({ listing: null, same: [] });
  executeAll(replace(plain));
  expect(compare([]).listing?.trim()).toBe(sh(`ip netns exec red nft -s list table inet ${TABLE}`));
  executeAll(replace(other));
  expect(compare([plain, other])).toMatchObject({ same: [other], refused: new Map() });
  expect(sh(`ip netns exec red nft list table inet ${TABLE}`)).not.toContain('10.0.0.0/24');
  executeAll({ do: 'nft.delete', netns: 'red', table: TABLE });
  expect(compare([plain]).listing).toBe(null);
  expect(executeFailure({ do: 'nft.delete', netns: 'red', table: TABLE })).toEqual({
    code: 'ENOENT',
    message: `there is no table inet ${TABLE}`,
  });
});

test('a script that says the same in another way is the same', () => {
  executeAll(addNetns('red'), addNetns('blue'));
  executeAll(replace(plain), replace(plain, 'blue'));
  const reordered = script('ip saddr 10.0.0.0/24 masquerade comment "x"').replace(' comment "x"', '');
  expect(compare([script('ip  saddr 10.0.0.0/24   masquerade', '10.0.0.1, 10.0.0.2'), reordered]).same).toHaveLength(2);
  expect(compare([plain], 'blue').same).toEqual([plain]);
});

test('one injected rule is found', () => {
  executeAll(addNetns('red'));
  executeAll(replace(plain));
  expect(compare([plain]).same).toEqual([plain]);
  sh(`ip netns exec red nft add rule inet ${TABLE} post ip saddr 1.2.3.4 accept`);
  const table = compare([plain]);
  expect(table.same).toEqual([]);
  expect(table.listing).toContain('1.2.3.4');
  expect(table.wanted.get(plain)).not.toContain('1.2.3.4');
});

test('a refused script changes nothing and is told in one sentence', () => {
  executeAll(addNetns('red'));
  executeAll(replace(plain));
  const wrong = script('ip saddr 10.0.0.0/24 jump nowhere');
  const failure = executeFailure(replace(wrong));
  expect(failure.code).toBe('NFT');
  expect(failure.message).toMatch(/^[^\n]*No such file or directory[^\n]*$/);
  expect(executeFailure(replace(script('nonsense'))).message).toContain('syntax error');
  const table = compare([plain, wrong]);
  expect(table.same).toEqual([plain]);
  expect([...table.refused.keys()]).toEqual([wrong]);
});

test('what we read or load in one namespace stays out of the others', () => {
  executeAll(addNetns('red'), addNetns('blue'));
  executeAll(replace(plain));
  expect(compare([plain], 'blue')).toMatchObject({ listing: null, same: [] });
  expect(sh('nft list tables')).toBe('');
  machine.close();
  expect(compare([plain]).same).toEqual([plain]);
});

test('replaces many tables over the sockets that are open: the kernel waits when one is closed after a removal', () => {
  const names = Array.from({ length: 40 }, (_, i) => `n${i}`);
  executeAll(...names.map(addNetns));
  executeAll(...names.map((name) => replace(plain, name)));
  const open = socketsOfThisProcess();
  expect(open.length).toBeGreaterThanOrEqual(names.length);
  executeAll(...names.map((name) => replace(other, name)));
  expect(socketsOfThisProcess()).toEqual(open);
});

test('what nft would print in the same way is compared without printing, and every change by hand is seen', () => {
  executeAll(addNetns('red'), addNetns('blue'));
  const map = 'map ports { type inet_service : ipv4_addr; elements = { 80 : 10.0.0.2, 81 : 10.0.0.3 } }';
  const whole = plain.replace('chain post', `${map}\n  chain post`);
  const nft = (command: string): string => sh(`ip netns exec red nft '${command}'`);
  const hands = [
    `add rule inet ${TABLE} post counter`,
    `insert rule inet ${TABLE} post ip saddr 10.0.0.9 return`,
    `add element inet ${TABLE} lan { 10.0.0.9 }`,
    `delete element inet ${TABLE} lan { 10.0.0.1 }`,
    `add element inet ${TABLE} ports { 82 : 10.0.0.4 }`,
    `delete element inet ${TABLE} ports { 80 : 10.0.0.2 }; add element inet ${TABLE} ports { 80 : 10.0.0.9 }`,
    `add set inet ${TABLE} more { type ipv4_addr; }`,
    `add chain inet ${TABLE} more`,
    `add chain inet ${TABLE} post { policy drop; }`,
    `add counter inet ${TABLE} more`,
    `add table inet ${TABLE} { flags dormant; }`,
    `flush chain inet ${TABLE} post`,
  ];
  executeAll(replace(whole), replace(whole, 'blue'));
  // What is not printed says so by giving the script in the place of what is printed.
  expect(compare([whole])).toMatchObject({ listing: whole, same: [whole] });
  for (const hand of hands) {
    nft(hand);
    expect(compare([whole]).same, hand).toEqual([]);
    expect(compare([whole], 'blue').same, hand).toEqual([whole]);
    executeAll(replace(whole));
    expect(compare([whole]), hand).toMatchObject({ listing: whole, same: [whole] });
  }
  // Another handle, another order: the same.
  nft(`delete element inet ${TABLE} lan { 10.0.0.1 }; add element inet ${TABLE} lan { 10.0.0.1 }`);
  expect(compare([whole])).toMatchObject({ listing: whole, same: [whole] });
});

/** `socket:[12345]`: by their inodes, so that one which was closed and opened again is another. */
const socketsOfThisProcess = (): readonly string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    const target = linkTarget(`/proc/self/fd/${fd}`);
    return target?.startsWith('socket:') ? [target] : [];
  });

/** Null: closed since it was listed, as the one that lists. */
function linkTarget(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
