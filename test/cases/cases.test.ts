import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { printCase, textOrNull } from '../support/plan-case.ts';

const HERE = import.meta.dirname;
const cases = readdirSync(HERE, { withFileTypes: true }).flatMap((one) =>
  one.isDirectory() ? [one.name.replaceAll('-', ' ')] : [],
);

/**
 * Each folder is a sentence: `topology.yaml` is what is wanted, `applied.yaml` what was applied before (left out: nothing),
 * `live.json` what else is on the machine, or was changed by hand (left out: nothing), `plan.txt` all that netform prints.
 */
describe('the plan', () => {
  test.each(cases)('says that %s', async (sentence) => {
    const folder = join(HERE, sentence.replaceAll(' ', '-'));
    const text = await printCase({
      topology: readFileSync(join(folder, 'topology.yaml'), 'utf8'),
      applied: textOrNull(join(folder, 'applied.yaml')),
      live: JSON.parse(textOrNull(join(folder, 'live.json')) ?? '{}'),
    });
    await expect(text).toMatchFileSnapshot(join(folder, 'plan.txt'));
  });
});
