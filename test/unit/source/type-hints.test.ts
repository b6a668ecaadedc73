import { expect, test } from 'vitest';
import type { Path } from '../../../src/model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../../src/model/json.ts';
import {
  placeBelow,
  propertiesOf,
  type SchemaPlace,
  schemaPlace,
  takesTypeOf,
} from '../../../src/source/mistakes/schema-place.ts';
import { typeHint } from '../../../src/source/mistakes/type-hint.ts';
import { readYaml } from '../../../src/source/read-yaml.ts';

const VALUES: readonly Json[] = ['x', 5, true, [], {}, ['x'], [{ name: 'x' }], 'default via 10.0.0.1'];

/** Every place of the language, with `a` for names. */
function places(path: Path = []): readonly (readonly [Path, SchemaPlace])[] {
  const place = schemaPlace(path);
  if (place === null) return [];
  const names = isJsonObject(place.schema['additionalProperties']) ? ['a'] : [];
  const steps = [...Object.keys(propertiesOf(place.schema)), ...names, ...(place.schema['items'] ? [0] : [])];
  const inner = steps.flatMap((step) => (placeBelow(place, step) ? places([...path, step]) : []));
  return path.length === 0 ? inner : [[path, place], ...inner];
}

const wrong = places().flatMap(([path, place]) =>
  VALUES.filter((value) => !takesTypeOf(place, value)).map((value) => ({ path, place, value })),
);

test('M6: every value of a wrong type has a line that says what is right', () => {
  expect(wrong.length).toBeGreaterThan(700);
  // A free text without an example can only be described.
  const bare = wrong.filter(({ path, value }) => typeHint({}, path, value) === null).map(({ path }) => path.join('.'));
  expect([...new Set(bare)].filter((path) => !/^vars\.a$|^cni\.a\.nerdctlLabels\.a$/.test(path))).toEqual([]);
});

test('M6: what the line shows is of the right type', () => {
  const unlike = wrong.flatMap(({ path, place, value }) => {
    const [, shown = ''] = /^(?:write|for example) (.*)$/.exec(typeHint({}, path, value) ?? '') ?? [];
    const key = path.at(-1);
    const read = readYaml(typeof key === 'string' ? shown.replace(`${key}: `, '') : shown);
    const isRight = shown === '' || ('value' in read && takesTypeOf(place, read.value));
    return isRight ? [] : [`${path.join('.')}: ${shown}`];
  });
  expect(unlike).toEqual([]);
});
