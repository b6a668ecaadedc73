import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layoutPicture } from '../../../src/picture/layout/elk-layout.ts';
import type { AnnotatedPicture, ResourceDetail } from '../../../src/picture/model/annotated-picture.ts';
import { browserScript } from '../../../src/picture/page/browser-script.ts';
import { renderHtml } from '../../../src/picture/page/html.ts';
import { browser, noBrowser } from '../../support/browser.ts';
import { hostile } from './hostile-picture.ts';

const DETAIL: ResourceDetail = {
  ...{ id: '<b>id</b>', kind: 'netns', netns: hostile.name, word: 'changed' as const, note: '<i>note</i>' },
  ...{ lines: ['<img src=x onerror=alert(1)>'], source: { line: 3, text: '</script><script>alert(2)</script>' } },
  ...{ wanted: { '<u>a</u>': ['same', '<s>b</s>'], c: 1 }, found: { '<u>a</u>': ['same', '<s>d</s>'], c: 1 } },
  changes: [],
};
/** An id with control characters, which no name has, is written out in the drawing: it is a usual one here. */
const RED = 'netns:red';
const HOSTILE: AnnotatedPicture = {
  picture: {
    ...hostile,
    boxes: hostile.boxes.map((box) => ({ ...box, id: RED, ids: [DETAIL.id] })),
    wires: hostile.wires.map((wire) => ({ ...wire, ends: [{ ...wire.ends[0], node: RED }, wire.ends[1]] })),
  },
  title: hostile.name,
  subtitle: hostile.name,
  details: [DETAIL],
  extras: [{ netns: 'red', text: '<a href="https://elsewhere.example">' }],
};

let page = '';
beforeAll(async () => {
  page = renderHtml(HOSTILE, await layoutPicture(HOSTILE.picture), { place: 'file' });
});

const between = (start: string, end: string) => page.slice(page.indexOf(start) + start.length, page.lastIndexOf(end));

test('the script of the page is one script that compiles and cannot end its element', () => {
  expect(() => new Script(browserScript())).not.toThrow();
  expect(browserScript()).not.toMatch(/<\/script|<!--|\bimport\b|\brequire\(/i);
  expect(browserScript().length).toBeLessThan(16_000);
  expect(browserScript()).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/);
});

test('the policy allows the script and the style of the page by their hashes, and nothing else', () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.split('; ');
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  expect(policy).toEqual([
    "default-src 'none'",
    `style-src ${hash(between('<style>', '</style>'))}`,
    `script-src ${hash(between('<script>', '</script></body>'))}`,
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

test('a hostile name is text in the page', () => {
  expect(page.match(/<script/g)).toHaveLength(2);
  expect(page).not.toMatch(/<(?:img|a|b|i|s|u)[ >]/);
});

describe.skipIf(noBrowser !== null)(`in Chromium${noBrowser === null ? '' : ` (${noBrowser})`}`, () => {
  let chromium: Browser;
  beforeAll(async () => {
    chromium = await browser();
  });
  afterAll(() => chromium.close());

  test('details of a part write text and never markup', async () => {
    const complaints: string[] = [];
    const tab = await chromium.newPage();
    tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    tab.on('dialog', (dialog) => complaints.push(dialog.message()));
    tab.on('pageerror', (error) => complaints.push(error.message));
    await tab.setContent(page);
    tab.setDefaultTimeout(5000);
    await tab.locator(`[data-part="${RED}"]`).click();
    const details = tab.locator('#details');
    expect(await details.locator('h2').textContent()).toBe(`${hostile.name}+ added`);
    expect(await details.locator('img, a, b, i, s, u, script').count()).toBe(0);
    for (const text of [DETAIL.id, DETAIL.note, ...DETAIL.lines, DETAIL.source?.text, HOSTILE.extras[0]?.text ?? ''])
      expect(await details.textContent()).toContain(text ?? '');
    const cells = await details.locator('th, td, caption').allTextContents();
    expect(cells).toEqual(['1 unchanged', '', 'now', 'planned', '<u>a</u>', '<s>d</s>', '<s>b</s>']);
    expect(complaints).toEqual([]);
    await tab.close();
  });

  test('two fingers zoom, one drags, and a drag chooses nothing', async () => {
    const tab = await chromium.newPage({ viewport: { width: 1000, height: 700 } });
    await tab.setContent(page);
    const view = async () => (await tab.locator('#drawing svg').getAttribute('viewBox'))?.split(' ').map(Number) ?? [];
    const pointer = (type: string, pointerId: number, clientX: number, clientY: number) =>
      tab.locator('#drawing').dispatchEvent(type, { pointerId, clientX, clientY, button: 0, bubbles: true });
    const [, , whole = 0] = await view();
    await pointer('pointerdown', 1, 200, 300);
    await pointer('pointerdown', 2, 220, 300);
    await pointer('pointermove', 2, 223, 300);
    const [, , pinched = 0] = await view();
    expect(whole / pinched).toBeCloseTo(23 / 20, 3);
    await pointer('pointerup', 1, 200, 300);
    await pointer('pointerup', 2, 223, 300);
    await tab.keyboard.press('0');
    await tab.locator('#zoom-fit').click();
    const before = await view();
    await tab.mouse.move(300, 300);
    await tab.mouse.down();
    await tab.mouse.move(340, 320, { steps: 4 });
    await tab.mouse.up();
    const after = await view();
    expect(after[0]).toBeLessThan(before[0] ?? 0);
    expect(after[1]).toBeLessThan(before[1] ?? 0);
    expect(after[2]).toBe(before[2]);
    expect(await tab.locator('#about').isHidden()).toBe(true);
    await tab.close();
  });
});
