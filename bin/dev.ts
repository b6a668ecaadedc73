// Runs the commands straight from src: `npm run dev -- plan topology.yaml`.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Config, handle, run } from '@oclif/core';

const root = fileURLToPath(new URL('..', import.meta.url));
const pjson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
// oclif's own way to find the sources needs TypeScript's JavaScript API, which TypeScript 7 does not have.
const source = {
  ...pjson.oclif,
  commands: { strategy: 'pattern', target: './src/commands' },
  hooks: { command_not_found: './src/report/unknown-command.ts' },
  helpClass: './src/help.ts',
};

try {
  const config = await Config.load({ root, pjson: { ...pjson, oclif: source } });
  await run(process.argv.slice(2), config);
} catch (error) {
  await handle(error instanceof Error ? error : new Error(String(error)));
}
