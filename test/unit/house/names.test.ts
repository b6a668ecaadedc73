import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..', 'src');
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));

const TYPE = /^(?:export )?(?:type|interface) (\w+)/gm;
/** Names as the headers have them: RTM_NEWLINK, IFLA_MTU, NLM_F_EXCL. */
const UAPI =
  /^(?:export )?const ((?:AF|ARPHRD|CTA|FRA|IFA|IFF|IFLA|LOCK|MNT|MS|MSG|NDA|NETLINK|NFNL|NFT|NFTA|NLM|NLMSG|RT|RTA|RTM|RTN|RTPROT|SO|SOCK|SOL)_\w+) =/gm;
const EXPORTED_VALUE = /^export (?:async )?(?:function\*?|const|let) (\w+)/gm;

/** Stems that say nothing of what is in a file. `docs/glossary.md` has the words to use instead. */
const VAGUE = new Set(
  `about common crowd find first foreign found free fresh gates given helper helpers info input known leaving misc
  notes once outcome outside parts place recorded remember served shared shipped stuff survey target things
  two-ways util utils view walk watch whereabouts words world written`.split(/\s+/),
);
/** Beginnings of a stem that is half a sentence. */
const HALF_SENTENCE = /^(?:of|left|carry|made|was|is)-/;
/** No folder is larger, except those that grow with the product. */
const MAX_ENTRIES = 20;
const GROWING = new Set(['kernel/read/needs', 'commands', 'kinds/links', 'features', 'instructions']);

test('a type name is defined in one file', () => {
  expect(definedTwice(TYPE)).toEqual([]);
});

test('an exported function or constant is defined in one file', () => {
  expect(definedTwice(EXPORTED_VALUE)).toEqual([]);
});

test('a constant of a header of the kernel is defined in one file', () => {
  expect(definedTwice(UAPI)).toEqual([]);
});

test('the name of a file says what is in it', () => {
  const stems = files.map((file) => ({ file, stem: basename(file, '.ts') }));
  const vague = stems.filter(({ stem }) => VAGUE.has(stem) || HALF_SENTENCE.test(stem));
  expect(vague.map(({ file }) => file)).toEqual([]);
});

test('a folder has at most twenty entries', () => {
  const folders = readdirSync(ROOT, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));
  const large = folders.filter(
    (folder) => readdirSync(join(ROOT, folder)).length > MAX_ENTRIES && !GROWING.has(folder),
  );
  expect(large).toEqual([]);
});

/** `Name: file, file`, for each name that a pattern finds in more than one file. */
function definedTwice(pattern: RegExp): readonly string[] {
  const places = new Map<string, string[]>();
  for (const file of files) {
    const names = new Set([...readFileSync(join(ROOT, file), 'utf8').matchAll(pattern)].map(([, name = '']) => name));
    for (const name of names) places.set(name, [...(places.get(name) ?? []), file]);
  }
  return [...places].filter(([, where]) => where.length > 1).map(([name, where]) => `${name}: ${where.join(', ')}`);
}
