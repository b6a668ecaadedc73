import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const pjson = JSON.parse(readFileSync(join(folder, '..', 'package.json'), 'utf8'));

// The program: bin/run.js starts it from the build. The shortest question is answered before anything else is loaded.
const [, , ...argv] = process.argv;
if (argv.length === 1 && argv[0] === '--version') {
  process.stdout.write(`${pjson.name}/${pjson.version} ${process.platform}-${process.arch} node-${process.version}\n`);
} else {
  const { start } = await import('./start.ts');
  await start(folder, pjson);
}
