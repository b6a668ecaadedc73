import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser } from '../support/browser.ts';
import { LAYERS } from '../support/layers.ts';
import { fencesOf } from '../support/page.ts';
import { textOf } from '../support/pages.ts';
import { mermaid } from '../unit/picture/renderers.ts';

describe.skipIf(noBrowser !== null)(`the drawing of docs/architecture.md (${noBrowser ?? 'in Chromium'})`, () => {
  let library: Awaited<ReturnType<typeof mermaid>>;
  beforeAll(async () => {
    library = await mermaid();
  });
  afterAll(() => library.close());

  test('shows one box for each layer', async () => {
    const [drawing] = fencesOf(textOf('docs/architecture.md')).filter(({ language }) => language === 'mermaid');
    const { nodes } = await library.draw(drawing?.body ?? '');
    expect([...nodes].sort()).toEqual(Object.keys(LAYERS).sort());
  });
});
