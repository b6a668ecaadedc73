import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { versionText } from '../cli/version.ts';
import { loadProgram } from './bundle.ts';

const folder = import.meta.dirname;
const pjson = JSON.parse(readFileSync(join(folder, '..', 'package.json'), 'utf8'));

// The program: bin/run.js starts it from the build. `--version` is answered before anything else is loaded.
const [, , ...argv] = process.argv;
if (argv.length === 1 && argv[0] === '--version') process.stdout.write(versionText(pjson));
else void loadProgram(folder, argv).startCommandLine(argv, pjson);
