import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type RequestOptions, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TopologyDiagnostics } from '../../src/model/diagnostics/diagnostic-file.ts';
import { NO_PROGRESS } from '../../src/model/results/progress.ts';
import type { AnnotatedPicture } from '../../src/picture/model/annotated-picture.ts';
import { browserScript } from '../../src/picture/page/browser-script.ts';
import { renderPicture } from '../../src/picture/render.ts';
import { openHostSession } from '../../src/pipeline/host-session.ts';
import { drawGraph, type GraphSubject } from '../../src/pipeline/tools/graph.ts';
import { type GraphServer, serveGraph } from '../../src/pipeline/tools/graph-server.ts';
import { diagnosticsText } from '../../src/report/text/diagnostics.ts';
import { insideThrowawayMachine } from '../kernel/require-throwaway-machine.ts';
import { browser, noBrowser } from '../support/browser.ts';
import { repository, withMachine } from '../support/machine.ts';
import { officeTopology } from '../support/office-topology.ts';

const folder = mkdtempSync(join(tmpdir(), 'netform-page-'));
let chromium: Browser | null = null;
let complaints: string[] = [];

beforeAll(async () => {
  if (noBrowser === null) chromium = await browser();
});
afterAll(async () => {
  await chromium?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A page that has been opened; whatever it complains about or asks for elsewhere is noted. */
async function opened(url: string): Promise<Page> {
  if (chromium === null) throw new Error(noBrowser ?? 'no browser');
  const page = await chromium.newPage({ viewport: { width: 1400, height: 860 } });
  page.setDefaultTimeout(10_000);
  complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on(
    'request',
    (request) => new URL(request.url()).origin === new URL(url).origin || complaints.push(request.url()),
  );
  await page.goto(url);
  return page;
}

/** How wide the drawing is shown, and how far the frame is scrolled. */
const view = (page: Page) =>
  page
    .locator('#drawing')
    .evaluate((frame) => [
      frame.querySelector('.wide')?.getBoundingClientRect().width,
      frame.scrollLeft,
      frame.scrollTop,
    ]);

const BEFORE = `version: 1
name: office
bridges: { lan: { subnet: 10.9.0.0/24, address: 10.9.0.1 } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } } }
  blue: { interfaces: { eth0: { bridge: lan } } }
host: { forwarding: false }
`;
const AFTER = BEFORE.replace('blue:', 'green:').replace(
  'bridge: lan } } }\n',
  'bridge: lan, mtu: 1400 } } }  # slower </script>\n',
);

test.skipIf(noBrowser !== null)(
  `a plan as a page: before, after, facts, search, keyboard (${noBrowser ?? 'Chromium'})`,
  async () => {
    await withMachine(async (m) => {
      writeFileSync(join(folder, 'lab.yaml'), BEFORE);
      const graphHere = async () =>
        (await m.netform(['graph', '--format', 'ascii'], { cwd: folder })).stdout.split('\n');
      writeFileSync(join(folder, 'topology.yaml'), BEFORE);
      expect((await graphHere())[1]).toBe('from topology.yaml; not applied on this machine');
      expect(await m.netform(['apply', 'lab.yaml'], { cwd: folder })).toMatchObject({ code: 0 });
      expect((await graphHere())[1]).toMatch(/^from topology\.yaml; on this machine all \d+ resources are as applied$/);
      writeFileSync(join(folder, 'lab.yaml'), AFTER);
      const drawn = await m.netform(['graph', 'lab.yaml', '--plan', '-o', 'lab.html'], { cwd: folder });
      expect(drawn.stderr).toBe('');
      const shipped = readFileSync(join(folder, 'lab.html'), 'utf8');
      expect(shipped).toContain(`<script>${browserScript()}</script>`);
      await m.must('ip -n red link set eth0 mtu 1300');
      expect(await m.netform(['graph', 'office', '--format', 'ascii'])).toMatchObject({
        stdout: expect.stringMatching(/the lab office; on this machine 1 of .*~ .*red:eth0.*\(changed\)/s),
      });
      const [, summary, ...lines] = await graphHere();
      expect(summary, 'H7').toMatch(/^from topology\.yaml; on this machine 1 of \d+ resources differs$/);
      expect(lines.join('\n')).toMatch(/~ .*red:eth0.*\(changed\)/);
      writeFileSync(join(folder, 'topology.yaml'), AFTER);
      expect((await graphHere())[1], 'H7').toMatch(/^from topology\.yaml, edited since; apply would/);
    });
    const page = await opened(`file://${join(folder, 'lab.html')}`);
    const part = (id: string) => page.locator(`#drawing .wide [data-id="${id}"]`).last();
    expect(await part('netns:green').textContent()).toContain('+ added');
    expect(await part('netns:blue').textContent()).toContain('- deleted');

    await page.getByLabel('before').check();
    expect(await part('netns:green').isVisible()).toBe(false);
    expect(await part('netns:blue').isVisible()).toBe(true);
    await page.getByLabel('after').check();
    expect(await part('netns:green').isVisible()).toBe(true);
    expect(await part('netns:blue').isVisible()).toBe(false);
    await page.getByLabel('the change').check();

    await part('netns:red').click();
    const about = page.locator('#about');
    expect(await about.textContent()).toMatch(/line 5 .*mtu: 1400 .*# slower <\/script>/);
    expect(await about.textContent()).toMatch(/mtu 1500 → 1400/);
    expect(await about.locator('td.before').first().textContent()).toBe('1500');
    expect(await about.locator('td.after').first().textContent()).toBe('1400');

    await page.keyboard.press('/');
    await page.keyboard.type('green');
    expect(await page.getByRole('status').textContent()).toMatch(/^\d+ found$/);
    expect(await part('netns:red').getAttribute('class')).toContain('is-dim');
    await page.keyboard.press('Enter');
    expect(await about.locator('h2').textContent()).toContain('green');
    await page.getByLabel('Search').fill('');

    const stop = page.locator('#drawing [tabindex="0"]');
    await stop.focus();
    const seen = new Set<string | null>();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'ArrowDown', 'ArrowLeft']) {
      await page.keyboard.press(key);
      seen.add(await stop.getAttribute('aria-label'));
    }
    expect([...seen].join('\n')).toMatch(/namespace, green, 10\.9\.0\.\d\/24, added/);
    expect(seen.size).toBeGreaterThan(2);
    await page.keyboard.press('Enter');
    expect(await about.locator('h2').textContent()).not.toBe('');

    const whole = await view(page);
    for (let i = 0; i < 6; i++) await page.keyboard.press('+');
    const nearer = await view(page);
    expect(nearer[0]).toBeGreaterThan(whole[0] ?? 0);
    const box = await page.locator('#drawing').boundingBox();
    await page.mouse.move(box?.x ?? 0, (box?.y ?? 0) + 300);
    await page.mouse.down();
    await page.mouse.move((box?.x ?? 0) + 90, (box?.y ?? 0) + 340, { steps: 3 });
    await page.mouse.up();
    expect(await view(page)).not.toEqual(nearer);
    await page.keyboard.press('1');
    expect((await view(page))[0]).toBe(whole[0]);
    expect(
      await page
        .getByRole('navigation')
        .getByRole('button', { name: /^green/ })
        .count(),
    ).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
    await page.close();
  },
);

const OUT = `${BEFORE}nat: [{ masquerade: lan }]
portForwards: ["8080 -> red:80"]
`;

test.skipIf(noBrowser !== null)(
  'a lab that leads out is reached by keyboard, and what is closed gives the focus back',
  async () => {
    const file = join(folder, 'out.yaml');
    writeFileSync(file, OUT);
    const drawing = await drawn({ request: { file, vars: [], varFile: null }, plan: null });
    writeFileSync(join(folder, 'out.html'), await renderPicture(drawing, 'html', (_, text) => text));
    const page = await opened(`file://${join(folder, 'out.html')}`);
    const focused = () => page.locator(':focus');
    await page.getByLabel('Search').focus();
    await page.keyboard.press('Tab');
    expect(await focused().getAttribute('aria-label')).toBe('machine, this machine');
    await page.keyboard.press('ArrowDown');
    const reached = await focused().getAttribute('data-id');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Close' }).focus();
    await page.keyboard.press('Enter');
    expect(await focused().getAttribute('data-id')).toBe(reached);
    const item = page.locator('[data-part="netns:blue"]');
    await item.focus();
    await page.keyboard.press('Enter');
    await page.locator('#about summary').first().focus();
    await page.keyboard.press('Escape');
    expect(await page.locator('#about').isHidden()).toBe(true);
    expect(await focused().getAttribute('data-part')).toBe('netns:blue');
    // To who hears the page, each part is there once: the lines of a gate are not.
    const tree = await page.locator('#drawing').ariaSnapshot();
    expect(tree.match(/button "(?:NAT|forward), [^"]*"/g)?.length).toBe(2);
    expect(complaints).toEqual([]);
    await page.close();
  },
);

test.skipIf(noBrowser !== null)(
  'H7: what is served of a file tells what was changed by hand and what apply would change, and leaves the reader alone',
  async () => {
    insideThrowawayMachine();
    const file = join(folder, 'live.yaml');
    writeFileSync(file, BEFORE.replace('name: office', 'name: live'));
    execFileSync(process.execPath, [`${repository}bin/run.js`, 'apply', file, '--yes'], { stdio: 'ignore' });
    const served = await serve({ request: { file, vars: [], varFile: null }, plan: null, follow: true });
    try {
      const page = await opened(served.url);
      const item = page.locator('[data-part="netns:red"]');
      await item.focus();
      await page.keyboard.press('Enter');
      execFileSync('ip', ['-n', 'red', 'link', 'set', 'eth0', 'mtu', '1300']);
      await page.getByRole('list', { name: 'Signs' }).getByText('~ changed').waitFor();
      expect(await page.locator(':focus').getAttribute('data-part')).toBe('netns:red');
      expect(await page.locator('#about h2').textContent()).toBe('red~ changed');
      expect(await page.locator('#heading p').textContent()).toMatch(
        /live\.yaml; on this machine 1 of \d+ resources differs \(applied .* UTC from \/.*live\.yaml\)/,
      );
      await page.getByLabel('now', { exact: true }).check();
      execFileSync('ip', ['-n', 'blue', 'link', 'set', 'eth0', 'mtu', '1300']);
      await page.locator('[data-part="netns:blue"]').getByText('~ changed').waitFor();
      expect(await page.getByLabel('now', { exact: true }).isChecked()).toBe(true);
      expect(await page.locator(':focus').getAttribute('value')).toBe('after');
      writeFileSync(file, readFileSync(file, 'utf8').replace('blue:', 'navy:'));
      await page.locator('#drawing .wide [data-id="netns:navy"]').getByText('+ added').waitFor();
      expect(await page.locator('#heading p').textContent()).toMatch(
        /live\.yaml, edited since; apply would change \d+ of \d+ resources$/,
      );
      expect(complaints).toEqual([]);
      await page.close();
    } finally {
      served.close();
      execFileSync(process.execPath, [`${repository}bin/run.js`, 'destroy', 'live', '--yes'], { stdio: 'ignore' });
    }
    await served.closed;
  },
);

test.skipIf(noBrowser !== null)('one of three hundred is found and can be read', async () => {
  const file = join(folder, 'large.yaml');
  writeFileSync(file, officeTopology('large', { offices: 12, hosts: 24 }));
  const drawing = await drawn({ request: { file, vars: [], varFile: null }, plan: null });
  writeFileSync(join(folder, 'large.html'), await renderPicture(drawing, 'html', (_, text) => text));
  const page = await opened(`file://${join(folder, 'large.html')}`);
  const name = page.locator('#drawing .wide [data-id="netns:pc-7-13"] .cardname');
  const height = async () => (await name.boundingBox())?.height ?? 0;
  expect(await height()).toBeGreaterThan(10);
  await page.getByRole('button', { name: 'Fit' }).click();
  expect(await height()).toBeLessThan(8);
  expect(await name.isVisible(), 'what is too small is not shown').toBe(false);
  await page.getByLabel('Search').fill('pc-7-13');
  await page.keyboard.press('Enter');
  expect(await height()).toBeGreaterThan(10);
  expect(await page.locator('#about').textContent()).toContain('address:pc-7-13/eth0');
  expect(await page.locator('#about').textContent(), 'what all have').toContain('10.7.0.2 web-7\n');
  expect(statSync(join(folder, 'large.html')).size).toBeLessThan(1_200_000);
  expect(complaints).toEqual([]);
  await page.close();
});

test.skipIf(noBrowser !== null)('what is served follows the file, and says what is wrong with it', async () => {
  const file = join(folder, 'served.yaml');
  writeFileSync(file, BEFORE);
  const subject = { request: { file, vars: [], varFile: null }, plan: null };
  const served = await serve(subject);
  try {
    const page = await opened(served.url);
    await page.locator('#drawing .wide [data-id="netns:blue"]').click();
    writeFileSync(file, BEFORE.replace('red:', 'printer:'));
    await page.locator('#drawing .wide [data-id="netns:printer"]').waitFor();
    expect(await page.locator('#drawing [data-id="netns:red"]').count()).toBe(0);
    expect(await page.locator('#about h2').textContent()).toBe('blue');
    writeFileSync(file, BEFORE.replace('bridges:', 'bridge:'));
    const alert = page.getByRole('alert').filter({ hasText: 'bridge' });
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/served\.yaml:3:1: .*"bridge"/);
    expect(complaints).toEqual([]);
    await page.close();
    const { port } = new URL(served.url);
    expect(await statusOf({ port })).toBe(404);
    const path = new URL(served.url).pathname;
    expect(await statusOf({ port, path, method: 'POST' })).toBe(405);
    expect(await statusOf({ port, path, headers: { host: `elsewhere.example:${port}` } })).toBe(421);
    expect(await statusOf({ port, path, headers: { host: `localhost:${port}` } })).toBe(200);
  } finally {
    served.close();
  }
  await served.closed;
});

test('L16: a port that is taken is refused in words', async () => {
  const file = join(folder, 'taken.yaml');
  writeFileSync(file, BEFORE);
  const subject = { request: { file, vars: [], varFile: null }, plan: null };
  const served = await serve(subject);
  const port = Number(new URL(served.url).port);
  await expect(serve(subject, port)).rejects.toMatchObject({
    message: `cannot serve on port ${port}: another program listens there`,
    hint: 'leave --port out for any free one',
  });
  served.close();
  await served.closed;
});

const session = openHostSession(NO_PROGRESS);

async function serve(subject: GraphSubject, port = 0): Promise<GraphServer> {
  const textOf = (findings: TopologyDiagnostics) => diagnosticsText(findings.diagnostics, findings);
  return serveGraph(session, subject, { drawing: await drawn(subject), port, textOf });
}

async function drawn(subject: GraphSubject): Promise<AnnotatedPicture> {
  const { drawing } = await drawGraph(session, subject);
  if (drawing === null) throw new Error('the file is wrong');
  return drawing;
}

const statusOf = (options: RequestOptions): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', agent: false, ...options }, (answer) => {
      answer.destroy();
      resolve(answer.statusCode);
    });
    asked.once('error', reject).end();
  });
