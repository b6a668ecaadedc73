// Compiles the schema to JavaScript once, at build time: loading ajv and compiling it anew would be most of the time of
// `netform validate`. Two functions come of it: `topology-errors.cjs` tells each error; `is-topology.cjs` only says whether
// there is one, and is all that most starts load. `reconcile-errors.cjs` is the same for reconcile files. Usage: node scripts/compile-schema.mjs FOLDER
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

const schema = schemaOf('topology');
const STRICT = { strict: true, allowUnionTypes: true, code: { source: true } };
/** For people and for messages. */
const WORDS = new Set(['$schema', 'title', 'description', 'examples', 'default', 'patternErrorMessage']);
const MAPS = ['properties', 'definitions'];
const PARTS = ['items', 'additionalProperties'];
const [, , folder] = process.argv;

function schemaOf(name) {
  return JSON.parse(readFileSync(new URL(`../schemas/${name}.schema.json`, import.meta.url), 'utf8'));
}

// The same options as in src/source/compile-validator.ts, whose place in a build the two take.
const teller = new Ajv({ ...STRICT, allErrors: true, verbose: true });
teller.addVocabulary(['patternErrorMessage']);
write('topology-errors', teller, schema);
write('reconcile-errors', teller, schemaOf('reconcile'));
write('is-topology', new Ajv({ ...STRICT, messages: false, inlineRefs: false }), divided(schema));

function write(name, ajv, from) {
  writeFileSync(join(folder, `${name}.cjs`), standalone.default(ajv, ajv.compile(from)));
}

/** The same without words, and each map and list in it a definition: a function of its own, which is compiled when a topology has such a thing. */
function divided({ definitions, ...top }) {
  const all = {};
  const root = dividedParts(top, all);
  for (const [name, one] of Object.entries(definitions)) all[name] = dividedParts(one, all);
  return { ...root, definitions: all };
}

function dividedParts(part, definitions) {
  const plain = Object.fromEntries(Object.entries(part).filter(([key]) => !WORDS.has(key)));
  for (const key of MAPS) if (plain[key]) plain[key] = mapValues(plain[key], (one) => reference(one, definitions));
  for (const key of PARTS) if (isSchema(plain[key])) plain[key] = reference(plain[key], definitions);
  return plain;
}

function reference(part, definitions) {
  const plain = dividedParts(part, definitions);
  if (![...MAPS, ...PARTS].some((key) => key in plain)) return plain;
  const name = `part-${Object.keys(definitions).length}`;
  definitions[name] = plain;
  return { $ref: `#/definitions/${name}` };
}

function isSchema(value) {
  return typeof value === 'object' && !Array.isArray(value);
}

function mapValues(map, change) {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}
