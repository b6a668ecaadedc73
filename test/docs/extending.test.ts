import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repository } from '../support/machine.ts';
import { fencesOf, wordOf } from '../support/page.ts';
import { textOf } from '../support/pages.ts';

const fences = fencesOf(textOf('docs/extending.md'));
/** What the page creates: `kind ipvlan`, … */
const extensions = fences
  .filter(({ words }) => words.includes('create'))
  .map(({ body }): readonly [string, string] => {
    const [, what = '', name = ''] = /^npm run create (\w+) ([\w-]+)\n$/.exec(body) ?? [];
    return [what, name];
  });
const TIMEOUT_MS = 300_000;

let copy: string;

/** The output of a program in the copy. Throws when it fails. */
const run = (line: string): string => {
  const [program = '', ...args] = line.split(' ');
  const path = program === 'npm' || program === 'git' ? program : join(copy, 'node_modules', '.bin', program);
  return execFileSync(path, args, { cwd: copy, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
};

/** A copy of the repository as it stands, with the packages of this one. */
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'netform-extending-'));
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const deleted = new Set(git(['ls-files', '-z', '--deleted']));
  for (const path of git(list).filter((one) => !deleted.has(one))) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    copyFileSync(join(repository, path), join(copy, path));
  }
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
  run('git init --quiet');
  run(`npm run create ${extensions.flat().join(' ')}`);
}, TIMEOUT_MS);

afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('docs/extending.md creates one of each extension that has a skeleton', () => {
  expect(extensions.map(([what]) => what).toSorted()).toEqual(
    readdirSync(join(repository, 'scripts/skeletons')).toSorted(),
  );
});

test('docs/extending.md shows files as they are created', () => {
  const shown = fences.flatMap((fence) => {
    const path = wordOf(fence, 'shows');
    return path === null ? [] : [{ path, body: fence.body }];
  });
  expect(shown.length).toBeGreaterThanOrEqual(4);
  for (const { path, body } of shown)
    expect(withoutCode(body), path).toBe(withoutCode(readFileSync(join(copy, path), 'utf8')));
});

/** The next code that is free is another one with every check. */
const withoutCode = (text: string): string => text.replace(/\bNF\d{4}\b/g, 'NF0000');

test('what was created, with the changes of docs/extending.md, compiles, is generated and passes its tests', () => {
  for (const fence of fences) {
    const path = wordOf(fence, 'file');
    if (path !== null) writeFileSync(join(copy, path), fence.body);
  }
  run('tsx scripts/generate.ts');
  run('tsc --noEmit');
  run('biome check src/kinds/links src/features src/checks src/commands src/pipeline/tools');
  run(`vitest run --project unit test/unit/house ${ownTests.join(' ')}`);
  const [, check = ''] = extensions.find(([what]) => what === 'check') ?? [];
  run(`vitest run --project unit test/diagnostics test/unit/checks/examples.test.ts -t ${check}`);
});

/** The test that each skeleton brings. */
const ownTests = extensions.map(([what, name]) => {
  const folder = { kind: 'kinds/links', feature: 'features', check: 'checks', command: 'pipeline' }[what];
  return `test/unit/${folder}/${name}.test.ts`;
});

function git(args: readonly string[]): readonly string[] {
  return execFileSync('git', args, { cwd: repository, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '');
}
