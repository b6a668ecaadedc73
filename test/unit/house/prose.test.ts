import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..');

type Rule = { readonly name: string; readonly pattern: RegExp; readonly instead: string };

/** Words that paraphrase what the field has a word for, and turns of phrase that need a second reading. */
const RULES: readonly Rule[] = [
  { name: 'shall', pattern: /\bshall\b/gi, instead: 'the present tense, "should", "must"' },
  { name: 'anew', pattern: /\banew\b/gi, instead: '"again", "new", a verb with "re-"' },
  { name: 'somebody, nobody', pattern: /\b(?:some|no)body\b/gi, instead: 'who it is, "unmanaged", the passive' },
  { name: 'half-way', pattern: /\bhalf-?way\b/gi, instead: '"interrupted", "incomplete"' },
  { name: 'of which', pattern: /\bof which\b/gi, instead: 'two sentences, "whose"' },
  { name: 'is told', pattern: /\b(?:is|are|was|were|be|been|being) told\b/gi, instead: '"is reported", "receives"' },
  {
    name: 'is no X',
    pattern: /(?<!\bthere )\b(?:is|are|was|were|be) no (?!longer\b|more\b|different\b)/gi,
    instead: '"is not a X"',
  },
  { name: 'has gone', pattern: /\b(?:has|have|had) gone\b/gi, instead: '"no longer exists", "was deleted"' },
  { name: 'trouble', pattern: /\btroubles?\b/gi, instead: '"problem", "error", "breaks"' },
  { name: 'mend', pattern: /\bmend(?:s|ed|ing)?\b(?!:)/gi, instead: '"fix", "repair"' },
  {
    name: 'a X a Y',
    pattern:
      /\b(?:an?|one|two|\d+|its) (?:attribute|bytes?|call|characters?|command|commit|element|entry|files?|folder|group|item|kind|lines?|map|message|ms|network|option|process|resource|row|rule|section|source) an? [\w-]+/gi,
    instead: '"one X per Y"',
  },
];

/** A docstring that continues another one cannot be read alone. */
const CHAINED = /\/\*\* (?:The same\b(?! \w+ as\b)|As above\b)/;

const ROOMS = ['src', 'docs', 'man', 'schemas', 'templates', 'topologies'];
const PAGES = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md'];
const PROSE = /\.(?:ts|md|yaml|1)$|\.schema\.json$/;

const files = [
  ...PAGES,
  ...ROOMS.flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((path) => join(room, path)),
  ),
].filter((path) => PROSE.test(path));

test('strings, comments and pages use plain standard English', () => {
  expect(files.flatMap(findingsIn)).toEqual([]);
});

test('a docstring can be read alone', () => {
  const chained = files.filter((file) => file.endsWith('.ts') && CHAINED.test(readFileSync(join(ROOT, file), 'utf8')));
  expect(chained).toEqual([]);
});

test.each([
  ['x.yaml is no file of Docker Compose', 'is no X'],
  ['there is no file', null],
  ['a line a packet', 'a X a Y'],
  ['gives a namespace a name', null],
  ['whoever\n * mends it', 'mend'],
])('%j breaks the rule %j', (text, rule) => {
  expect(RULES.filter(({ pattern }) => joined(text).match(pattern)).map(({ name }) => name)).toEqual(
    rule === null ? [] : [rule],
  );
});

function findingsIn(file: string): readonly string[] {
  const text = joined(readFileSync(join(ROOT, file), 'utf8'));
  return RULES.flatMap(({ name, pattern, instead }) =>
    [...text.matchAll(pattern)].map(
      ({ index }) => `${file}: "${name}" in "${text.slice(Math.max(0, index - 30), index + 40)}"; write ${instead}`,
    ),
  );
}

/** A text without the line breaks of its comments, so that a phrase is found across them. */
function joined(text: string): string {
  return text.replace(/\n[ \t]*(?:\*(?!\/)|\/\/|#|>)?[ \t]*/g, ' ');
}
