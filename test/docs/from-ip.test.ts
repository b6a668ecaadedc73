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

test('every line of iptables has words that are accepted, or is always so', () => {
  const lines = [...page.matchAll(/^\| `iptables .* \| (?:`(.*)`|always so) \|$/gm)].map(([, words]) => words);
  expect(lines.length).toBe(page.match(/^\| `iptables /gm)?.length);
  expect(lines.length).toBeGreaterThan(10);
  for (const words of lines.flatMap((line) => line ?? [])) {
    const text = `version: 1
name: words
namespaces:
  router:
    bridges: { lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 }, guests: { subnet: 10.2.0.0/24, address: 10.2.0.1 } }
    interfaces: { wan: 203.0.113.1/24 }
    forwarding: true
    firewall: { ${words} }
  web: { interfaces: { eth0: { bridge: "router:lan" } } }
  isp: { interfaces: { eth0: 203.0.113.9/24 } }
links: ["router:wan -- isp:eth0"]
`;
    expect(() => labOf(text), words).not.toThrow();
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
