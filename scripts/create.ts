// npm run create kind|feature|check|command NAME …: writes the skeleton of each extension with its test, and the generated
// files. docs/extending.md continues from there.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from '../src/commands/index.ts';
import { checkCodes } from '../src/model/diagnostics/check-codes.ts';
import { features } from '../src/registry/features.ts';

/** Values of the placeholders of a skeleton, such as `@name@`. */
type Placeholders = { readonly [placeholder: string]: string };

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** What can be created, and the placeholders of each besides those of the name. */
const EXTENSIONS: { readonly [what: string]: () => Placeholders } = {
  kind: () => ({}),
  feature: () => ({ rank: String(10 + Math.max(...features.map(({ rank }) => rank))) }),
  check: () => ({ code: nextCode('NF21') }),
  command: () => ({ position: String(nextPosition('Inspect labs')) }),
};

const wanted = pairsOf(process.argv.slice(2));
if (wanted.length === 0 || wanted.some(([what, name]) => !Object.hasOwn(EXTENSIONS, what) || !NAME.test(name))) {
  const kinds = Object.keys(EXTENSIONS).toSorted().join('|');
  console.error(`usage: npm run create ${kinds} NAME … (names in lower case, with hyphens)`);
  process.exitCode = 2;
} else {
  const paths = wanted.flatMap(([what, name]) => create(what, name));
  run('biome', ['check', '--write', ...paths.filter((path) => path.endsWith('.ts'))]);
  run('tsx', ['scripts/generate.ts']);
  console.log(`${paths.join('\n')}\nGenerated files are up to date. Next: docs/extending.md`);
}

/** `kind ipvlan check x` as pairs; the last is empty when a name is missing. */
function pairsOf(words: readonly string[]): readonly (readonly [string, string])[] {
  return words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1] ?? ''] as const] : []));
}

/** Writes the files of one extension, and gives their paths. Throws, and writes nothing, when one of them exists. */
function create(what: string, name: string): readonly string[] {
  const values = { ...spellings(name), ...EXTENSIONS[what]?.() };
  const folder = join(ROOT, 'scripts', 'skeletons', what);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.txt'))
    .map((path) => ({
      path: filled(path.slice(0, -'.txt'.length), values),
      text: filled(readFileSync(join(folder, path), 'utf8'), values),
    }));
  const present = files.filter(({ path }) => existsSync(join(ROOT, path)));
  if (present.length > 0) throw new Error(`already exists: ${present.map(({ path }) => path).join(', ')}`);
  for (const { path, text } of files) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
  return files.map(({ path }) => path);
}

function run(program: string, args: readonly string[]): void {
  execFileSync(join(ROOT, 'node_modules', '.bin', program), args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** `proxy-arp` as `proxyArp`, `ProxyArp` and `PROXY_ARP`. */
function spellings(kebab: string): Placeholders {
  const Pascal = kebab.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const camel = Pascal.charAt(0).toLowerCase() + Pascal.slice(1);
  return { name: kebab, camel, Pascal, UPPER: kebab.replaceAll('-', '_').toUpperCase() };
}

function filled(text: string, values: Placeholders): string {
  return text.replace(/@(\w+)@/g, (placeholder, key: string) => values[key] ?? placeholder);
}

/** The position after the last command of a group of `netform --help`. */
function nextPosition(group: string): number {
  const used = Object.values(COMMANDS).filter(({ help }) => help.group === group);
  return 1 + Math.max(0, ...used.map(({ help }) => help.position));
}

/** The code after the last one that begins so. */
function nextCode(series: string): string {
  const used = Object.values(checkCodes).filter((code) => code.startsWith(series));
  const last = Math.max(0, ...used.map((code) => Number(code.slice(series.length))));
  return `${series}${String(last + 1).padStart(2, '0')}`;
}
