import { expect, test } from 'vitest';
import { realMachine } from '../../src/kernel/machine.ts';
import type { TableLive } from '../../src/model/kernel/live-state.ts';
import { instructionFamilies } from '../../src/registry/instructions.ts';
import { linkKinds } from '../../src/registry/kinds.ts';
import { addNetns, executeAll, sh } from './kernel-fixture.ts';

const TABLE = 'netform_lab';
const scriptOf = (rule: string): string => `table inet ${TABLE} {
  chain post { type nat hook postrouting priority srcnat; policy accept;
    ${rule}
  }
}`;
const [first, second] = [scriptOf('ip saddr 10.0.0.0/24 masquerade'), scriptOf('ip saddr 10.9.0.0/24 masquerade')];
/** A rule that the kernel refuses: to try it is to be told so. */
const refused = scriptOf('ip saddr 10.0.0.0/24 masquerade; jump nowhere');
const load = (script: string, netns = 'red') => executeAll({ do: 'nft.replace', netns, table: TABLE, script });

/** A look at the table by a process that has loaded nothing yet. */
function look(
  scripts: readonly string[],
  { revision, netns = 'red' }: { revision?: string; netns?: string } = {},
): TableLive {
  const other = realMachine(linkKinds, instructionFamilies);
  const need = { need: 'table', netns, key: TABLE, scripts, ...(revision === undefined ? {} : { revision }) } as const;
  const table = other.read([need]).get(need);
  other.close();
  if (!table) throw new Error('no answer');
  return table;
}

function revisionOf(script: string, netns = 'red'): string {
  const { revision, same } = look([script], { netns });
  expect(same).toEqual([script]);
  if (revision === undefined) throw new Error('no revision');
  return revision;
}

test('a table is that of its script as long as its revision is the same', () => {
  executeAll(addNetns('red'));
  load(first);
  const revision = revisionOf(first);
  expect(revisionOf(first)).toBe(revision);
  // Nothing is tried or read then: the listing is the script itself, and the kernel is not asked what it refuses.
  expect(look([first, refused], { revision })).toEqual({
    ...{ listing: first, same: [first], refused: new Map(), wanted: new Map() },
    revision,
  });
  expect(look([first, refused]).refused.size).toBe(1);
  expect(look([second, first], { revision })).toMatchObject({ same: [first], revision });
  expect(look([refused, first], { revision })).toMatchObject({ same: [first], revision });
  expect(look([refused, first], { revision }).refused.has(refused)).toBe(true);
});

test('after any change of rules in the namespace the table is read', () => {
  executeAll(addNetns('red'));
  load(first);
  const before = revisionOf(first);
  sh(`ip netns exec red nft add table ip other`);
  const after = revisionOf(first);
  expect(after).not.toBe(before);
  expect(look([first], { revision: before })).toMatchObject({ same: [first], revision: after });
  sh(`ip netns exec red nft add rule inet ${TABLE} post counter`);
  for (const revision of [before, after]) expect(look([first], { revision }).same).toEqual([]);
  expect(look([first], { revision: after }).revision).toBe(undefined);
  sh(`ip netns exec red nft delete table inet ${TABLE}`);
  expect(look([first], { revision: after })).toMatchObject({ listing: null, same: [] });
  // The same table, but nobody knows by the number that it is.
  load(first);
  expect(revisionOf(first)).not.toBe(after);
});

test('another namespace in which as many changes were made has other revisions', () => {
  executeAll(addNetns('red'), addNetns('blue'));
  load(first);
  load(second, 'blue');
  const revision = revisionOf(first);
  expect(look([first], { revision, netns: 'blue' }).same).toEqual([]);
  executeAll({ do: 'netns.delete', netns: 'red' });
  executeAll(addNetns('red'));
  load(second);
  expect(look([first], { revision }).same).toEqual([]);
});

test('what was loaded is known until something else comes, also beside other tables of the run', () => {
  const machine = realMachine(linkKinds, instructionFamilies);
  executeAll(addNetns('red'));
  const replace = (table: string, script: string) =>
    expect(machine.execute([{ do: 'nft.replace', netns: 'red', table, script }])).toEqual([]);
  const sameOf = (key: string, scripts: readonly string[]) => {
    const need = { need: 'table', netns: 'red', key, scripts } as const;
    return machine.read([need]).get(need);
  };
  const more = first.replace(TABLE, 'netform_more');
  replace(TABLE, first);
  replace('netform_more', more);
  // The refused one is not tried, so both are known.
  expect(sameOf(TABLE, [first, refused])).toMatchObject({ same: [first], refused: new Map() });
  expect(sameOf('netform_more', [more, refused])).toMatchObject({ same: [more], refused: new Map() });
  replace(TABLE, second);
  expect(sameOf(TABLE, [first, second])?.same).toEqual([second]);
  sh(`ip netns exec red nft add rule inet ${TABLE} post counter`);
  expect(sameOf(TABLE, [second, first])?.same).toEqual([]);
  expect(sameOf('netform_more', [more])?.same).toEqual([more]);
  machine.close();
});
