#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { execute } from '@oclif/core/execute';

if (existsSync(new URL('../dist/commands', import.meta.url))) await execute({ dir: import.meta.url });
else {
  process.stderr.write('netform: this checkout is not built yet\n  = npm run build\n');
  process.exitCode = 1;
}
