import { readScript } from './pipeline/import-script.ts';

// The program that runs in a throwaway machine: `importer.js NAME SECONDS`, the script on standard input. Prints what the
// script has built, as JSON.
const [name = '', seconds = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(readScript(name, Number(seconds))));
