import { describe, expect, test } from 'vitest';
import type { DnsData } from '../../../src/model/lab-parts/dns-data.ts';
import { coredns } from '../../../src/programs/coredns.ts';
import { zoneFile } from '../../../src/programs/zone-file.ts';

const FOLDER = '/run/l/ns/dns';
const NOTHING: DnsData = { zones: [], names: [], reverse: [], forwards: [], listen: null };
const zone = (name: string) => ({ name, records: [{ name: `a.${name}`, type: 'A', address: '10.0.0.1' } as const] });
const names = [
  { name: 'web', address: '10.0.0.2' },
  { name: 'web', address: 'fd00::2' },
];

/** What a lab can ask of a server, each on its own and all at once. */
const CASES: { readonly [title: string]: DnsData } = {
  'no words at all': NOTHING,
  'names and their reverse': { ...NOTHING, names, reverse: names },
  'addresses of both families': { ...NOTHING, listen: ['10.0.0.53', 'fd00::53'] },
  'a zone within another, and zones of reverse names': {
    ...NOTHING,
    zones: ['lab.test', 'sub.lab.test', '0.0.10.in-addr.arpa', '0.0.d.f.ip6.arpa'].map(zone),
  },
  'forwards of some zones': { ...NOTHING, forwards: [{ zone: 'corp.test', servers: ['10.9.0.53', 'fd00:9::53'] }] },
  'a forward of the rest': { ...NOTHING, forwards: [{ zone: null, servers: ['9.9.9.9', '2620:fe::fe'] }] },
  'all of it': {
    zones: ['lab.test', '0.0.10.in-addr.arpa'].map(zone),
    ...{ names, reverse: names, listen: ['10.0.0.53', 'fd00::53'] },
    forwards: [
      { zone: 'corp.test', servers: ['10.9.0.53'] },
      { zone: null, servers: ['9.9.9.9'] },
    ],
  },
};

const filesOf = (data: DnsData): ReadonlyMap<string, string> =>
  new Map(
    coredns(
      { lab: 'l', data, given: null },
      { netns: 'ns', name: 'dns-server', folder: FOLDER, after: [], at: [] },
    ).storedFiles.map(({ path, content }) => [path, content]),
  );

describe.each(Object.entries(CASES))('a Corefile for %s', (_, data) => {
  const files = filesOf(data);
  const blocks = parseCorefile(files.get(`${FOLDER}/Corefile`) ?? '');

  test('has the grammar of a Corefile, and only plugins and words that CoreDNS has', () => {
    for (const { plugins } of blocks)
      for (const { words, inside } of plugins) {
        const [name = '', ...given] = words;
        expect(PLUGINS[name], `${name} ${given.join(' ')}`).toBeDefined();
        expect(given.join(' ')).toMatch(PLUGINS[name]?.words ?? /^$/);
        for (const line of inside) expect(line.join(' '), name).toMatch(PLUGINS[name]?.inside ?? /^$/);
      }
  });

  test('serves each zone once, and has each plugin once in it', () => {
    const keys = blocks.flatMap(({ zones }) => zones);
    expect(keys).toEqual([...new Set(keys)]);
    for (const key of keys) expect(key).toMatch(/^(?:\.|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*):53$/);
    expect(keys).toContain('.:53');
    for (const { plugins } of blocks) {
      const used = plugins.map(({ words }) => words[0]);
      expect(used).toEqual([...new Set(used)]);
    }
  });

  test('names no file that is not there', () => {
    const named = blocks.flatMap(({ plugins }) =>
      plugins.flatMap(({ words: [name, file] }) => (name === 'file' || name === 'hosts' ? [file ?? ''] : [])),
    );
    expect(named.filter((file) => !files.has(file))).toEqual([]);
    expect([...files.keys()].filter((file) => !named.includes(file))).toEqual([`${FOLDER}/Corefile`]);
  });

  test('has zones that begin with an SOA and name their records in full', () => {
    for (const [path, text] of files) {
      if (!path.endsWith('.zone')) continue;
      const origin = path.slice(FOLDER.length + 1, -'.zone'.length);
      const records = text
        .trimEnd()
        .split('\n')
        .filter((line) => !line.startsWith('$'));
      expect(records[0], path).toMatch(/\bIN SOA\b/);
      for (const record of records)
        expect(record).toMatch(new RegExp(`^(?:\\S+\\.)?${origin.replaceAll('.', '\\.')}\\. \\d+ IN [A-Z]+ \\S`));
    }
  });
});

test('the parser of these tests finds what CoreDNS refuses', () => {
  for (const broken of ['.:53 {\n  errors\n', '.:53\n{\n}\n', '.:53 {\n}\n}\n', '.:53 {\n  hosts /f {\n', 'errors\n'])
    expect(() => parseCorefile(broken), broken).toThrow();
  expect(zoneFile(zone('lab.test'))).toContain('SOA');
});

type Plugin = { readonly words: readonly string[]; readonly inside: readonly (readonly string[])[] };
type Block = { readonly zones: readonly string[]; readonly plugins: readonly Plugin[] };

const ADDRESS = '(?:[0-9.]+|[0-9a-f:]+)';

/** The plugins that netform writes, as their README in coredns/coredns has them: what follows the name, and what is in braces. */
const PLUGINS: { readonly [name: string]: { readonly words: RegExp; readonly inside: RegExp } } = {
  bind: { words: new RegExp(`^${ADDRESS}(?: ${ADDRESS})*$`), inside: /^(?!)/ },
  errors: { words: /^$/, inside: /^(?!)/ },
  file: { words: /^\/\S+$/, inside: /^(?!)/ },
  // At most 15 servers.
  forward: { words: new RegExp(`^\\.(?: ${ADDRESS}){1,15}$`), inside: /^(?!)/ },
  hosts: { words: /^\/\S+$/, inside: /^(?:ttl [1-9]\d*|fallthrough)$/ },
};

/**
 * A Corefile (the lexer and parser of coredns/caddy, caddyfile): blocks of zones with a brace at the end of their line, each line
 * in them a plugin, which may have a block of its own. Throws where a brace is missing or too many.
 */
function parseCorefile(text: string): readonly Block[] {
  const blocks: { zones: string[]; plugins: { words: string[]; inside: string[][] }[] }[] = [];
  let depth = 0;
  for (const [nth, line] of text.split('\n').entries()) {
    const words = line.trim().split(/\s+/).filter(Boolean);
    if (words.length === 0) continue;
    const opens = words.at(-1) === '{';
    const plain = opens ? words.slice(0, -1) : words;
    const block = blocks.at(-1);
    if (plain.some((word) => /[{}"`#\\]/.test(word)) && !(plain.length === 1 && plain[0] === '}'))
      throw new Error(`line ${nth + 1}: a brace or a quote in a word: ${line}`);
    if (plain[0] === '}') depth--;
    else if (depth === 0) {
      if (!opens || plain.length === 0) throw new Error(`line ${nth + 1}: a block needs zones and a brace: ${line}`);
      blocks.push({ zones: [...plain], plugins: [] });
    } else if (depth === 1) block?.plugins.push({ words: [...plain], inside: [] });
    else block?.plugins.at(-1)?.inside.push([...plain]);
    if (opens) depth++;
    if (depth < 0 || depth > 2) throw new Error(`line ${nth + 1}: a brace too many`);
  }
  if (depth !== 0) throw new Error('a brace is missing at the end');
  return blocks;
}
