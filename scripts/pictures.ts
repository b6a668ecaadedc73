// Makes the pictures under docs/pictures: labs of 3, 30 and 300 namespaces, and a plan, on the page in light and dark.
// `npm run pictures` runs it in a throwaway machine, because a plan needs a lab that is there. Needs Chromium.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_PROGRESS } from '../src/model/results/progress.ts';
import { renderPicture } from '../src/picture/render.ts';
import { applyTopology } from '../src/pipeline/apply.ts';
import { openHostSession } from '../src/pipeline/host-session.ts';

import { drawGraph, type GraphSubject } from '../src/pipeline/tools/graph.ts';
import { SILENT_DISPLAY } from '../src/report/progress/terminal-progress.ts';
import { browser } from '../test/support/browser.ts';
import { officeTopology } from '../test/support/office-topology.ts';

const SHOP = `version: 1
name: shop
bridges:
  front: { subnet: 10.20.0.0/24, address: 10.20.0.1 }
  back: { subnet: 10.21.0.0/24, gateway: none }
namespaces:
  web:
    interfaces:
      eth0: { bridge: front, address: 10.20.0.10 }
    publish: ["8080:80"]
  app:
    forwarding: true
    interfaces:
      front: { bridge: front, address: 10.20.0.11 }
      back: { bridge: back, address: 10.21.0.11 }
  db:
    interfaces:
      eth0: { bridge: back, address: 10.21.0.20 }
    routes:
      - { to: 10.20.0.0/24, via: app }
nat:
  - masquerade: front
`;

const CHANGED = SHOP.replace(
  'eth0: { bridge: back, address: 10.21.0.20 }',
  'eth0: { bridge: back, address: 10.21.0.20, mtu: 1400 }',
)
  .replace('  web:\n', '  cache:\n    interfaces:\n      eth0: { bridge: front, address: 10.20.0.12 }\n  web:\n')
  .replace('["8080:80"]', '["8443:443"]');

const OLD = SHOP.replace('nat:\n', '')
  .replace('  - masquerade: front\n', '')
  .replace('  app:\n', '  batch:\n    interfaces:\n      eth0: { bridge: front, address: 10.20.0.30 }\n  app:\n');

const folder = mkdtempSync(join(tmpdir(), 'netform-pictures-'));
const file = (name: string, text: string): string => {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, text);
  return path;
};
const request = (name: string) => ({ file: name, vars: [], varFile: null });

type PictureOptions = {
  readonly chosen?: string;
  readonly whole?: true;
  readonly width?: number;
  readonly height?: number;
};

const session = openHostSession(NO_PROGRESS);
const chromium = await browser();
try {
  process.chdir(folder);
  file('shop', SHOP);
  file('thirty', officeTopology('thirty', { offices: 3, hosts: 9 }));
  file('three-hundred', officeTopology('three-hundred', { offices: 12, hosts: 24 }));
  await picture('3-namespaces', { request: request('shop.yaml'), plan: null }, { chosen: 'netns:web' });
  await picture('30-namespaces', { request: request('thirty.yaml'), plan: null });
  await picture(
    '300-namespaces',
    { request: request('three-hundred.yaml'), plan: null },
    { whole: true, width: 960, height: 600 },
  );
  await picture(
    'one-of-300',
    { request: request('three-hundred.yaml'), plan: null },
    { chosen: 'netns:pc-7-13', width: 960, height: 600 },
  );
  file('shop', OLD);
  const agreed = {
    agree: async () => true,
    progress: () => SILENT_DISPLAY,
    lockTimeoutMs: 0,
    foreign: 'refuse',
  } as const;
  await applyTopology(session, request('shop.yaml'), agreed);
  file('shop', CHANGED);
  await picture('plan', { request: request('shop.yaml'), plan: { foreign: 'refuse' } }, { chosen: 'netns:db' });
} finally {
  await chromium.close();
  rmSync(folder, { recursive: true, force: true });
}

/** The page of a subject, with a part chosen, in both colour schemes. */
async function picture(name: string, subject: GraphSubject, look: PictureOptions = {}): Promise<void> {
  const { chosen, whole, width = 1280, height = 760 } = look;
  const { drawing, findings } = await drawGraph(session, subject);
  if (drawing === null) throw new Error(findings.diagnostics.map(({ message }) => message).join('\n'));
  const path = join(folder, `${name}.html`);
  writeFileSync(path, await renderPicture(drawing, 'html', (_, text) => text));
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await chromium.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(`file://${path}`);
    if (chosen !== undefined) await page.locator(`[data-part="${chosen}"]`).click();
    if (whole) await page.locator('#zoom-fit').click();
    await page.mouse.move(width / 2, height - 4);
    await page.screenshot({ path: join(import.meta.dirname, '..', 'docs', 'pictures', `${name}-${colorScheme}.png`) });
    await page.close();
  }
}
