import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nftScriptOf } from '../../src/kinds/nft/script.ts';
import { type NftSpec, rulesOfPart } from '../../src/kinds/nft/spec.ts';
import type { Instruction } from '../../src/model/instruction.ts';
import { nftTableChanges } from '../../src/net/nft-table-changes.ts';
import { nftParts } from '../../src/registry/features.ts';
import { compileLab } from '../../src/registry/kinds.ts';
import { load, resolve } from '../support/plan-case.ts';
import { wholeTopology } from '../support/whole-topology.ts';
import { addNetns, answerTo, executeAll } from './kernel-fixture.ts';

const TABLE = 'netform_lab';
const TOPOLOGIES = join(import.meta.dirname, '../../topologies');
const parts = nftParts.filter(({ family }) => family === undefined);
const scriptOf = nftScriptOf(parts);

/** The tables of the shipped topologies. */
const tables = readdirSync(TOPOLOGIES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => tablesOf(wholeTopology(join(TOPOLOGIES, name))));

function tablesOf(text: string | null): readonly NftSpec[] {
  const resources = text === null ? [] : compileLab(resolve(load(text)));
  return resources.flatMap(({ kind, spec }) => (kind === 'nft' ? [spec as NftSpec] : []));
}

/** A table of one of them with some of its rules, at least one. */
const someRules = (spec: NftSpec) =>
  fc.infiniteStream(fc.boolean()).map((keep): string => {
    const left = parts.map((part) => {
      const rules = rulesOfPart(spec, part);
      return [part.name, rules.filter(() => keep.next().value)] as const;
    });
    const isEmpty = left.every(([, rules]) => rules.length === 0);
    const own = isEmpty ? {} : Object.fromEntries(left.filter(([name]) => spec[name] !== undefined));
    return scriptOf({ ...spec, ...own, table: TABLE }, 'netform:v1:x:1');
  });

const replace = (script: string): Instruction => ({ do: 'nft.replace', netns: 'red', table: TABLE, script });
const sameAs = (scripts: readonly string[]): readonly string[] =>
  answerTo({ need: 'table', netns: 'red', key: TABLE, scripts })?.same ?? [];

/** Makes one table of another by nothing but the changes: the script that would be loaded instead is nonsense. */
function expectChanged(from: string, to: string): void {
  const changes = nftTableChanges(`inet ${TABLE}`, from, to);
  expect(changes === null).toBe(from === to);
  executeAll(replace(from));
  if (changes === null) return;
  executeAll({ ...replace('nonsense'), changes } as Instruction);
  expect(sameAs([to]), changes).toEqual([to]);
  // The one that is compared is made of the other by its changes, too.
  expect(sameAs([to, from]), changes).toEqual([to]);
}

test('rules come and go in the tables of the shipped topologies', () => {
  expect(tables.length).toBeGreaterThan(25);
  executeAll(addNetns('red'));
  const both = fc.constantFrom(...tables).chain((spec) => fc.tuple(someRules(spec), someRules(spec)));
  fc.assert(
    fc.property(both, ([from, to]) => expectChanged(from, to)),
    { numRuns: 60 },
  );
});

test('the table of one shipped topology becomes that of another', () => {
  executeAll(addNetns('red'));
  const one = fc.constantFrom(...tables).chain(someRules);
  fc.assert(
    fc.property(one, one, (from, to) => expectChanged(from, to)),
    { numRuns: 30 },
  );
});
