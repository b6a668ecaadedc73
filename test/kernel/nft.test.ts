import { readdirSync, readlinkSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ForwardRule } from '../../src/features/port-forwards/rule.ts';
import { nftScriptOf } from '../../src/kinds/nft/script.ts';
import type { Instruction } from '../../src/model/instruction.ts';
import type { TableLive } from '../../src/model/kernel/live-state.ts';
import { nftTableChanges } from '../../src/net/nft-table-changes.ts';
import { nftParts } from '../../src/registry/features.ts';
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

test('random changes of elements end in the same table as loading it whole', () => {
  executeAll(addNetns('red'));
  const scriptOf = nftScriptOf(nftParts);
  const base = Array.from({ length: 24 }, (_, i) => randomForward(2000 + i));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(23), fc.option(forwards)), { minLength: 1, maxLength: 4 }), (edits) => {
      const wanted = edits.reduce<readonly ForwardRule[]>(
        (list, [at, rule]) =>
          rule === null
            ? list.filter((_, i) => i !== at)
            : list.with(at % list.length, { ...rule, ports: list[at % list.length]?.ports ?? rule.ports }),
        base,
      );
      const [from, to] = [base, wanted].map((rules) =>
        scriptOf({ netns: 'red', table: TABLE, nat: [], forwards: rules, altered: [] }, 'netform:v1:x:1'),
      ) as [string, string];
      const changes = nftTableChanges(`inet ${TABLE}`, from, to);
      executeAll(replace(from));
      if (changes === null) return;
      // With this script nothing but the changes can have made the table.
      executeAll({ do: 'nft.replace', netns: 'red', table: TABLE, script: 'nonsense', changes });
      expect(compare([to]).same).toEqual([to]);
      expect(compare([to, from]).same).toEqual([to]);
      executeAll(replace(from));
      expect(compare([to, from]).same).toEqual([from]);
    }),
    { numRuns: 30 },
  );
});

test('changes for another table than the one that is there load the script', () => {
  executeAll(addNetns('red'));
  executeAll(replace(plain));
  const changes = [`add element inet ${TABLE} lan { 10.0.0.9 }\n`, `delete element inet ${TABLE} lan { 10.0.0.77 }\n`];
  executeAll({ do: 'nft.replace', netns: 'red', table: TABLE, script: other, changes });
  expect(compare([other, plain]).same).toEqual([other]);
});

test('changes that were made already load the script, instead of doubling its rules', () => {
  executeAll(addNetns('red'));
  const scriptOf = nftScriptOf(nftParts);
  const [from, to] = [[], [randomForward(2000)]].map((rules) =>
    scriptOf({ netns: 'red', table: TABLE, nat: [], forwards: rules, altered: [] }, 'netform:v1:x:1'),
  ) as [string, string];
  const changes = nftTableChanges(`inet ${TABLE}`, from, to) ?? [];
  executeAll(replace(from));
  executeAll({ do: 'nft.replace', netns: 'red', table: TABLE, script: to, changes });
  executeAll({ do: 'nft.replace', netns: 'red', table: TABLE, script: to, changes });
  expect(compare([to]).same).toEqual([to]);
});

const addresses = { 4: ['10.0.0.2', '10.0.0.3', '10.0.9.4'], 6: ['fd00::2', 'fd00::3'] } as const;
const forwards = fc
  .record({
    family: fc.constantFrom(4 as const, 6 as const),
    target: fc.nat(2),
    written: fc.boolean(),
    lan: fc.boolean(),
  })
  .map(({ family, target, written, lan }) => randomForward(3000, { family, target, written, lan }));

function randomForward(
  port: number,
  {
    family = 4,
    target = 0,
    written = false,
    lan = true,
  }: { family?: 4 | 6; target?: number; written?: boolean; lan?: boolean } = {},
): ForwardRule {
  const address = addresses[family][target % addresses[family].length] ?? '';
  return {
    family,
    address: written ? (family === 4 ? '127.0.0.1' : 'fd00::1') : null,
    ports: { first: port, last: port },
    protocols: ['tcp', 'udp'],
    target: { label: 'n0', address, ports: { first: 80, last: 80 } },
    lan: lan ? (family === 4 ? '10.0.0.0/24' : 'fd00::/64') : null,
  };
}
