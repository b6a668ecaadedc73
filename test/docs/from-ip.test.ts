import { describe, expect, test } from 'vitest';
import { textOf } from '../support/pages.ts';
import { byHand, byNetform, pairsOf } from '../support/pairs.ts';
import { labOf } from '../unit/picture/example-pictures.ts';

const page = textOf('docs/from-ip.md');
const pairs = pairsOf(page);

test('every heading with a script is a pair', () => {
  expect(pairs.length).toBe(page.match(/^```sh$/gm)?.length);
});

/** The lines of the table of words: `bridge` or `interface`, and what is written there. */
const rows = [...page.matchAll(/^\| `.*` *(?:, [^|]*)?\| (bridge|interface) \| `(.*)` \|$/gm)].map(([, at, word]) => ({
  at,
  word,
}));

test('every word of the table is accepted at its place', () => {
  expect(rows.length).toBe(page.match(/ \| (?:bridge|interface) \| /g)?.length);
  for (const { at, word } of rows) {
    const [bridge, link] = at === 'bridge' ? [word, ''] : ['vlanFiltering: true', `, ${word}`];
    const text = `version: 1
name: words
bridges: { lan: { ${bridge} } }
namespaces: { red: { interfaces: { eth0: { bridge: lan${link} } } } }
`;
    expect(() => labOf(text), word).not.toThrow();
  }
});

describe.concurrent('by hand and by netform', () => {
  for (const pair of pairs)
    test(pair.title, async () => {
      const [hand, netform] = [await byHand(pair), await byNetform(pair)];
      expect(netform.essence).toBe(hand.essence);
      expect(netform.answer).toBe(hand.answer);
      expect(`${netform.answer}\n`).toBe(pair.proof.body);
    });
});
