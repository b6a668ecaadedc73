import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadProgram } from './bundle.ts';
import { versionText } from './version.ts';

const folder = dirname(fileURLToPath(import.meta.url));
const pjson = JSON.parse(readFileSync(join(folder, '..', 'package.json'), 'utf8'));

// The program: bin/run.js starts it from the build. The shortest question is answered before anything else is loaded.
const [, , ...argv] = process.argv;
if (argv.length === 1 && argv[0] === '--version') process.stdout.write(versionText(pjson));
else await loadProgram(folder).startCommandLine(argv, pjson);
