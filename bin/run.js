#!/usr/bin/env node
// A CommonJS script, which starts sooner than a module, in the words of any Node: no ?., ?? nor import here.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const [major, minor] = process.versions.node.split('.').map(Number);
const hasRequiredNode = major > 20 ? typeof process.getBuiltinModule === 'function' : major === 20 && minor >= 19;
const main = join(__dirname, '..', 'dist', 'main.cjs');

if (!hasRequiredNode) {
  process.stderr.write(`netform: Node 20.19, 22.3 or newer is needed; this is ${process.versions.node}\n`);
  process.stderr.write('  = Debian 12 has Node 18, Debian 13 has Node 20; others: https://nodejs.org/en/download\n');
  process.exitCode = 2;
} else if (existsSync(main)) {
  require(main);
} else {
  process.stderr.write('netform: this checkout is not built yet\n  = npm run build\n');
  process.exitCode = 1;
}
