// Runs the commands straight from src: `npm run dev -- plan topology.yaml`.
import { readFileSync } from 'node:fs';
import { startCommandLine } from '../src/entries/program.ts';

const pjson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
await startCommandLine(process.argv.slice(2), pjson);
