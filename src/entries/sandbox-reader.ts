import { runSandboxReader } from '../pipeline/import/script-sandbox.ts';

// The program that runs a script in a throwaway machine: `sandbox-reader.cjs NAME SECONDS`, the script on standard input.
// Prints what the script built, as JSON.
const [name = '', seconds = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(runSandboxReader(name, Number(seconds))));
