import { describe, expect, test } from 'vitest';
import { withMachine } from '../support/machine.ts';
import { pagesWithSessions, README, textOf } from '../support/pages.ts';
import { play } from '../support/play.ts';

describe.concurrent('what a page shows below a $ is what comes out (npm run tutorial writes it)', () => {
  for (const path of pagesWithSessions().filter((one) => one !== README))
    test(path, async () => {
      const page = textOf(path);
      expect(await withMachine((m) => play(page, m))).toBe(page);
    });
});
