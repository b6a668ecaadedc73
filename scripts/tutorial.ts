// Plays the pages of docs/ that show sessions, each in a throwaway machine, and writes what came out into them:
// `npm run tutorial`, or `npm run tutorial -- docs/tutorial.md`.
import { readFileSync, writeFileSync } from 'node:fs';
import { withMachine } from '../test/support/machine.ts';
import { PAIRS, pagesWithSessions } from '../test/support/pages.ts';
import { playPairs } from '../test/support/pairs.ts';
import { play } from '../test/support/play.ts';

for (const path of process.argv.length > 2 ? process.argv.slice(2) : [...pagesWithSessions(), PAIRS]) {
  const started = Date.now();
  const page = readFileSync(path, 'utf8');
  writeFileSync(path, path === PAIRS ? await playPairs(page) : await withMachine((m) => play(page, m)));
  console.log(`${path}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
