import { describe, expect, test } from 'vitest';
import { textOf } from '../support/pages.ts';
import { byHand, byNetform, pairsOf } from '../support/pairs.ts';

const page = textOf('docs/from-ip.md');
const pairs = pairsOf(page);

test('every heading with a script is a pair', () => {
  expect(pairs.length).toBe(page.match(/^```sh$/gm)?.length);
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
