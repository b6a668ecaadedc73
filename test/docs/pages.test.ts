import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { anchor } from '../../scripts/pages/markdown.ts';
import { EXIT } from '../../src/model/error.ts';
import { readSettings } from '../../src/reconcile/read-settings.ts';
import { diagnose } from '../support/diagnose.ts';
import { repository } from '../support/machine.ts';
import { type Fence, fencesOf, wordOf } from '../support/page.ts';
import { allPages, textOf } from '../support/pages.ts';

/** Its examples are wrong on purpose; test/unit/checks looks at each. */
const NOT_HERE = ['docs/checks.md'];

/** `npm run campaign` writes it; docs/safety.md names it. */
const MAY_BE_THERE = ['docs/README.md', 'docs/campaign.md'];

const pages = allPages().filter((path) => !NOT_HERE.includes(path));
const readable = new Map(pages.map((path) => [path, textOf(path)]));

test('every YAML block is a topology without a mistake (or the end of one), has one where it says so, or is no topology', () => {
  const blocks = pages.flatMap((path) => yamlOf(path, fencesOf(textOf(path))));
  expect(blocks.length).toBeGreaterThan(30);
  const wrong = blocks.flatMap(({ where, text, name, isTopology, isBroken }) => {
    if (name?.includes('reconcile.d/')) {
      const bytes = Buffer.from(text);
      return readSettings({ name: 'lab', file: name, bytes }).findings.diagnostics.map(
        (one) => `${where}: ${one.message}`,
      );
    }
    if (!isTopology) return parse(text) === null ? [`${where}: empty`] : [];
    const { diagnostics } = diagnose(text, { file: where, live: null });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (isBroken) return errors.length === 0 ? [`${where}: nothing is wrong with it`] : [];
    return errors.map(({ message }) => `${where}: ${message}`);
  });
  expect(wrong).toEqual([]);
});

test('the name of a file stands above its text, where a reader of the rendered page sees it (H15)', () => {
  const hidden = pages.flatMap((path) => {
    const lines = textOf(path).split('\n');
    return fencesOf(textOf(path)).flatMap((fence) => {
      const name = wordOf(fence, 'file') ?? wordOf(fence, 'append');
      const above =
        lines
          .slice(0, fence.first - 2)
          .join('\n')
          .split('\n\n')
          .at(-1) ?? '';
      const isNamed = [name, basename(name ?? '')].some((one) => above.includes(`\`${one}\``)) && above.endsWith(':');
      return name === null || isNamed ? [] : [`${path}: ${name}`];
    });
  });
  expect(hidden).toEqual([]);
});

test('every link between pages leads to a file, and to a heading of it', () => {
  const broken = [...readable].flatMap(([path, text]) =>
    linksOf(text)
      .filter((link) => !arrives(path, link))
      .map((link) => `${path}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test('docs/README.md leads to every page', () => {
  const index = textOf('docs/README.md');
  const missing = pages.filter((path) => /^docs\/[^/]+\.md$/.test(path) && !MAY_BE_THERE.includes(path));
  expect(missing.filter((path) => !index.includes(`](${path.slice('docs/'.length)})`))).toEqual([]);
});

test('every exit code is in the table of the commands', () => {
  const rows = [...textOf('docs/commands.md').matchAll(/^\| (\d+|128\+n) \|/gm)].map((match) => match[1]);
  expect(rows).toEqual([...Object.values(EXIT).map(String), '128+n']);
});

type Block = {
  readonly where: string;
  /** The file that it is, or a part of. */
  readonly name: string | null;
  readonly text: string;
  readonly isTopology: boolean;
  readonly isBroken: boolean;
};

/** The YAML of a page; what a block appends to a file comes behind what is in it already. */
function yamlOf(path: string, fences: readonly Fence[]): readonly Block[] {
  const files = new Map<string, string>();
  return fences
    .filter(({ language }) => language === 'yaml')
    .map((fence) => {
      const more = wordOf(fence, 'append');
      const text = `${more === null ? '' : (files.get(more) ?? '')}${fence.body}`;
      const name = more ?? wordOf(fence, 'file');
      if (name !== null) files.set(name, text);
      return {
        where: `${path}:${fence.first}`,
        name,
        text,
        isTopology: !name?.startsWith('.'),
        isBroken: fence.words.includes('broken'),
      };
    });
}

const linksOf = (text: string): readonly string[] =>
  [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((link) => !/^[a-z]+:/.test(link));

const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '`');

function arrives(from: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const to = path === '' ? from : join(dirname(from), path);
  if (!existsSync(join(repository, to))) return false;
  return heading === undefined || headingsOf(textOf(to)).includes(heading);
}

const headingsOf = (text: string): readonly string[] =>
  [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)].map((match) => anchor(match[1] ?? ''));
