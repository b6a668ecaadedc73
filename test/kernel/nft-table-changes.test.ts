import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nftScriptOf } from '../../src/kinds/nft/script.ts';
import { type NftSpec, rulesOfPart } from '../../src/kinds/nft/spec.ts';
import { nftTableChanges } from '../../src/net/nft-table-changes.ts';
import { nftParts } from '../../src/registry/features.ts';
import { compileLab } from '../../src/registry/kinds.ts';
import { load, resolve } from '../support/plan-case.ts';
import { wholeTopology } from '../support/whole-topology.ts';
import { addNetns, answerTo, executeAll } from './kernel-fixture.ts';

const TABLE = 'netform_lab';
const TOPOLOGIES = join(import.meta.dirname, '../../topologies');
type Family = 'inet' | 'bridge';
const partsOf = (family: Family) => nftParts.filter((part) => (part.family ?? 'inet') === family);
const scriptOf = { inet: nftScriptOf(partsOf('inet')), bridge: nftScriptOf(partsOf('bridge')) };
const familyOf = (spec: NftSpec): Family => spec.family ?? 'inet';

/** The tables of the shipped topologies. */
const tables = readdirSync(TOPOLOGIES, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => tablesOf(wholeTopology(join(TOPOLOGIES, name))));

function tablesOf(text: string | null): readonly NftSpec[] {
  const resources = text === null ? [] : compileLab(resolve(load(text)));
  return resources.flatMap(({ kind, spec }) => (/^nft(?:-bridge)?$/.test(kind) ? [spec as NftSpec] : []));
}

/** A table of one of them with some of its rules, at least one. */
const someRules = (spec: NftSpec) =>
  fc.infiniteStream(fc.boolean()).map((keep): string => {
    const left = partsOf(familyOf(spec)).map((part) => {
      const rules = rulesOfPart(spec, part);
      return [part.name, rules.filter(() => keep.next().value)] as const;
    });
    const isEmpty = left.every(([, rules]) => rules.length === 0);
    const own = isEmpty ? {} : Object.fromEntries(left.filter(([name]) => spec[name] !== undefined));
    return scriptOf[familyOf(spec)]({ ...spec, ...own, table: TABLE }, 'netform:v1:x:1');
  });

/** Makes one table of another by nothing but the changes: the script that would be loaded instead is nonsense. */
function expectChanged(family: Family, from: string, to: string): void {
  const table = { do: 'nft.replace', netns: 'red', table: TABLE, ...(family === 'inet' ? {} : { family }) } as const;
  const sameAs = (scripts: readonly string[]): readonly string[] => {
    const key = family === 'inet' ? TABLE : `${family} ${TABLE}`;
    return answerTo({ need: 'table', netns: 'red', key, scripts })?.same ?? [];
  };
  const changes = nftTableChanges(`${family} ${TABLE}`, from, to);
  expect(changes === null).toBe(from === to);
  executeAll({ ...table, script: from });
  if (changes === null) return;
  executeAll({ ...table, script: 'nonsense', changes });
  expect(sameAs([to]), changes.join('--\n')).toEqual([to]);
  // The one that is compared is made of the other by its changes, too.
  expect(sameAs([to, from]), changes.join('--\n')).toEqual([to]);
}

test.each([
  ['inet', 25, 60],
  ['bridge', 1, 20],
] as const)('rules come and go in the %s tables of the shipped topologies', (family, count, numRuns) => {
  const own = tables.filter((spec) => familyOf(spec) === family);
  expect(own.length).toBeGreaterThan(count);
  executeAll(addNetns('red'));
  const both = fc.constantFrom(...own).chain((spec) => fc.tuple(someRules(spec), someRules(spec)));
  fc.assert(
    fc.property(both, ([from, to]) => expectChanged(family, from, to)),
    { numRuns },
  );
});

test('the table of one shipped topology becomes that of another', () => {
  executeAll(addNetns('red'));
  const one = fc.constantFrom(...tables.filter((spec) => familyOf(spec) === 'inet')).chain(someRules);
  fc.assert(
    fc.property(one, one, (from, to) => expectChanged('inet', from, to)),
    { numRuns: 30 },
  );
});
