import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { browser } from '../../support/browser.ts';

const require = createRequire(import.meta.url);

/** What a program drew of our text: what stands in each shape, a line each, in the order of the text. */
export type RenderedGraph = {
  readonly nodes: readonly string[];
  readonly frames: readonly string[];
  /** What stands at each line; empty where nothing does. */
  readonly edges: readonly string[];
};

/** Null: there is Graphviz to test with. Otherwise why not. */
export const noGraphviz: string | null = existsSync('/usr/bin/dot')
  ? null
  : 'no /usr/bin/dot: apt-get install graphviz';

/** Mermaid itself, in a browser, with the settings that it has by itself. `draw` throws what it complains about. */
export async function mermaid(): Promise<{
  draw: (text: string) => Promise<RenderedGraph>;
  close: () => Promise<void>;
}> {
  const chromium = await browser();
  const page = await chromium.newPage();
  await page.addScriptTag({ path: require.resolve('@mermaid-js/tiny') });
  return { draw: (text) => page.evaluate(drawnHere, text) as Promise<RenderedGraph>, close: () => chromium.close() };
}

/** Runs in the browser, and so may use nothing of this file. */
async function drawnHere(text: string): Promise<RenderedGraph> {
  // biome-ignore lint/suspicious/noExplicitAny: what the script of Mermaid left in the page
  const { document, mermaid } = globalThis as any;
  mermaid.initialize({ startOnLoad: false });
  document.body.innerHTML = (await mermaid.render('drawing', text)).svg;
  const texts = (selector: string): readonly string[] =>
    // biome-ignore lint/performance/useDomNodeTextContent: a line a line, as it is to be seen
    [...document.querySelectorAll(selector)].map(({ innerText }) => String(innerText).trim());
  return {
    nodes: texts('.node .nodeLabel'),
    frames: texts('.cluster-label .nodeLabel'),
    edges: texts('span.edgeLabel'),
  };
}

/** Graphviz itself. Throws what it complains about. */
export function graphviz(text: string): RenderedGraph {
  const { status, stdout, stderr } = spawnSync('/usr/bin/dot', ['-Tsvg'], { input: text, encoding: 'utf8' });
  if (status !== 0 || stderr !== '') throw new Error(stderr);
  const shapes = [...stdout.matchAll(/<g id="[^"]*" class="(node|cluster|edge)">([\s\S]*?)<\/g>/g)];
  const of = (sort: string) => shapes.filter(([, one]) => one === sort).map(([, , shape = '']) => textIn(shape));
  return { nodes: of('node'), frames: of('cluster'), edges: of('edge') };
}

const textIn = (shape: string): string =>
  [...shape.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => plain(text)).join('\n');

const ENTITIES: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"' };
const plain = (text: string): string =>
  text.replace(/&(?:#(\d+)|(\w+));/g, (_, code, name) =>
    code === undefined ? (ENTITIES[name] ?? '') : String.fromCodePoint(Number(code)),
  );
