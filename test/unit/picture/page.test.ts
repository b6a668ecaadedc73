import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnnotatedPicture, ResourceDetail } from '../../../src/picture/model/annotated-picture.ts';
import { browserScript } from '../../../src/picture/page/browser-script.ts';
import { renderHtml } from '../../../src/picture/page/html.ts';
import { browser, noBrowser } from '../../support/browser.ts';
import { officeTopology } from '../../support/office-topology.ts';
import { examplePicture, exampleText } from './example-pictures.ts';
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
  summary: hostile.name,
  subtitle: hostile.name,
  details: [DETAIL],
  extras: [{ netns: 'red', text: '<a href="https://elsewhere.example">' }],
};

let page = '';
beforeAll(async () => {
  page = await renderHtml(HOSTILE, { place: 'file' });
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

/** Labs by the number of their namespaces. */
const SIZES = [
  ['3 namespaces', exampleText('dual-stack/masquerade.yaml')],
  ['10 namespaces', officeTopology('ten', { offices: 2, hosts: 4 })],
  ['60 namespaces', officeTopology('sixty', { offices: 6, hosts: 9 })],
  ['300 namespaces', officeTopology('three-hundred', { offices: 12, hosts: 24 })],
] as const;

const drawingOf = (text: string): AnnotatedPicture => {
  const about = 'from lab.yaml; not compared with this machine';
  return { picture: examplePicture(text), title: 'lab', summary: about, subtitle: about, details: [], extras: [] };
};

/** The height in pixels of the smallest text that is shown. Runs in the browser, and so may use nothing of this file. */
function smallestText(): number {
  // biome-ignore lint/suspicious/noExplicitAny: the document of the browser
  const { document, getComputedStyle } = globalThis as any;
  // biome-ignore lint/suspicious/noExplicitAny: elements of the browser
  const all: any[] = [...document.querySelectorAll('body *')];
  const texts = all.filter((one) => {
    const isShown = one.getClientRects().length > 0 && getComputedStyle(one).visibility === 'visible';
    return isShown && [...one.childNodes].some(({ nodeType, textContent }) => nodeType === 3 && textContent.trim());
  });
  const sizes = texts.map((one) => {
    const scale = one.ownerSVGElement?.getScreenCTM().a ?? 1;
    return Number.parseFloat(getComputedStyle(one).fontSize) * scale;
  });
  return Math.min(...sizes);
}

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
    expect(cells).toEqual(['1 unchanged', '', 'now', 'wanted', '<u>a</u>', '<s>d</s>', '<s>b</s>']);
    expect(complaints).toEqual([]);
    await tab.close();
  });

  test.each(SIZES)('H14: no text of a page of %s is smaller than 11 pixels', async (_, text) => {
    const drawing = drawingOf(text);
    const tab = await chromium.newPage();
    await tab.setContent(await renderHtml(drawing, { place: 'file' }));
    for (const width of [1280, 400]) {
      await tab.setViewportSize({ width, height: 800 });
      const isNarrow = width < 600;
      expect(await tab.locator(isNarrow ? '.narrow' : '.wide').isVisible()).toBe(true);
      expect(await tab.locator(isNarrow ? '.wide' : '.narrow').isVisible()).toBe(false);
      for (const button of ['#zoom-read', '#zoom-fit']) {
        await tab.locator(button).click();
        expect(await tab.evaluate(smallestText), `${width} px, ${button}`).toBeGreaterThanOrEqual(11);
      }
    }
    await tab.close();
  });

  test('two fingers zoom, one drags, and a drag chooses nothing', async () => {
    const tab = await chromium.newPage({ viewport: { width: 1000, height: 700 } });
    await tab.setContent(page);
    const view = () =>
      tab.locator('#drawing').evaluate((frame) => ({
        x: frame.scrollLeft,
        y: frame.scrollTop,
        width: frame.querySelector('.wide')?.getBoundingClientRect().width ?? 0,
      }));
    const pointer = (type: string, pointerId: number, clientX: number, clientY: number) =>
      tab.locator('#drawing').dispatchEvent(type, { pointerId, clientX, clientY, button: 0, bubbles: true });
    const opened = await view();
    await pointer('pointerdown', 1, 200, 300);
    await pointer('pointerdown', 2, 220, 300);
    await pointer('pointermove', 2, 223, 300);
    const pinched = await view();
    expect(pinched.width / opened.width).toBeCloseTo(23 / 20, 3);
    await pointer('pointerup', 1, 200, 300);
    await pointer('pointerup', 2, 223, 300);
    await tab.locator('#zoom-read').click();
    await tab.locator('#zoom-in').click();
    await tab.locator('#zoom-in').click();
    const before = await view();
    expect(before.x).toBeGreaterThan(40);
    await tab.mouse.move(300, 300);
    await tab.mouse.down();
    await tab.mouse.move(340, 320, { steps: 4 });
    await tab.mouse.up();
    const after = await view();
    expect(after.x).toBe(before.x - 40);
    expect(after.width).toBe(before.width);
    expect(await tab.locator('#about').isHidden()).toBe(true);
    await tab.close();
  });
});
