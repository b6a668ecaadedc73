#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.stderr.write('netform: this checkout is not built yet\n  = npm run build\n');
  process.exitCode = 1;
}
