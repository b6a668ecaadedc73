import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Instruction } from '../../../src/model/instruction.ts';
import { instructionFamilies } from '../../../src/registry/instructions.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', 'src', 'instructions');
const folders = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isDirectory());

/** The values of `do` that the types of a family name. */
const verbsIn = (folder: string): readonly string[] =>
  [...readFileSync(join(ROOT, folder, 'types.ts'), 'utf8').matchAll(/'([a-z-]+\.[a-z]+)'/g)].map(
    ([, verb = '']) => verb,
  );

test('every folder of instructions is one family, whose name begins each of its instructions', () => {
  const named = folders.map(({ name }) => [name, [...new Set(verbsIn(name).map((verb) => verb.split('.')[0]))]]);
  expect(named.filter(([, families]) => families?.length !== 1)).toEqual([]);
  expect(named.flatMap(([, families]) => families).toSorted()).toEqual([...instructionFamilies.keys()].toSorted());
});

test('a family carries out its instructions by netlink messages, or by itself', () => {
  const idle = [...instructionFamilies.values()].filter(({ netlink, before, after }) => !netlink && !before && !after);
  expect(idle).toEqual([]);
});

test('a family says what an errno means for its own instructions', () => {
  const sentence = (name: string, instruction: Instruction, errno: string) =>
    instructionFamilies.get(name)?.errors(instruction)[errno];
  expect(sentence('netns', { do: 'netns.add', netns: 'red', mark: '', sysctls: {} }, 'ENOSPC')).toBe(
    'no more namespaces are allowed here: raise the sysctl user.max_net_namespaces',
  );
  expect(
    sentence('address', { do: 'address.delete', netns: 'red', dev: 'eth0', prefix: '10.0.0.1/24' }, 'EADDRNOTAVAIL'),
  ).toBe('eth0 does not have 10.0.0.1/24');
  expect(sentence('nft', { do: 'nft.delete', netns: 'red', table: 't' }, 'ENOENT')).toBeUndefined();
});
