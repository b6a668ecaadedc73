// Compiles the schema to JavaScript once, at build time: loading ajv and compiling it anew would be most of the time of
// `netform validate`. Usage: node scripts/compile-schema.mjs FILE.cjs
import { readFileSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';

const schema = JSON.parse(readFileSync(new URL('../schemas/topology.schema.json', import.meta.url), 'utf8'));
// The same options as in src/source/compile-validator.ts, whose place in a build the file takes.
const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true, code: { source: true } });
ajv.addVocabulary(['patternErrorMessage']);
const [, , file] = process.argv;
writeFileSync(file, standalone.default(ajv, ajv.compile(schema)));
