import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Ajv as AjvClass } from 'ajv';
import { expect, test } from 'vitest';
import { isJsonObject, type Json } from '../../../src/model/json.ts';
import { topologySchema } from '../../../src/registry/schema.ts';
import { schemaText } from '../../../src/source/schema-text.ts';

type Found = { readonly where: string; readonly schema: { readonly [key: string]: Json } };

/** Every schema inside a schema, with the way to it. */
function schemas(value: Json, where: string): readonly Found[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, i) => schemas(item, `${where}/${i}`));
  if (!isJsonObject(value)) return [];
  const inside = Object.entries(value).flatMap(([key, part]) =>
    key === 'examples' || key === 'enum' ? [] : schemas(part, `${where}/${key}`),
  );
  return [{ where, schema: value }, ...inside];
}

const all = schemas(topologySchema, '');
const properties = all.flatMap(({ where, schema }) =>
  Object.entries(isJsonObject(schema['properties']) ? schema['properties'] : {}).map(([name, property]) => ({
    where: `${where}/${name}`,
    property: isJsonObject(property) ? property : {},
  })),
);

test('the written file is that of the slices', () => {
  expect(JSON.parse(schemaText('topology'))).toEqual(topologySchema);
  expect(schemaText('topology')).toBe(
    readFileSync(join(import.meta.dirname, '../../../schemas/topology.schema.json'), 'utf8'),
  );
});

test('every property has a description and an example', () => {
  expect(properties.length).toBeGreaterThan(90);
  const poor = properties.filter(({ property: { description, examples } }) => {
    return typeof description !== 'string' || !Array.isArray(examples) || examples.length === 0;
  });
  expect(poor.map(({ where }) => where)).toEqual([]);
});

test('every example is valid', () => {
  const { Ajv }: { Ajv: typeof AjvClass } = createRequire(import.meta.url)('ajv');
  const ajv = new Ajv({ strict: false });
  const wrong = properties.flatMap(({ where, property }) => {
    const check = ajv.compile({ ...property, definitions: topologySchema['definitions'] });
    const examples = Array.isArray(property['examples']) ? property['examples'] : [];
    return examples
      .filter((example: Json) => !check(example))
      .map((example: Json) => `${where}: ${JSON.stringify(example)}`);
  });
  expect(wrong).toEqual([]);
});

test('no map takes keys that it does not know, but those of plugins and labels', () => {
  const open = all.filter(
    ({ schema }) => isJsonObject(schema['properties']) && schema['additionalProperties'] !== false,
  );
  expect(open.map(({ where }) => where)).toEqual([
    '/definitions/selector',
    '/definitions/nameOrSelector',
    '/definitions/namesOrSelectors',
    '/definitions/conflist/properties/plugins/items',
  ]);
});

test('no choice between schemas: one mistake gives one message', () => {
  expect(all.filter(({ schema }) => 'oneOf' in schema || 'anyOf' in schema)).toEqual([]);
});
