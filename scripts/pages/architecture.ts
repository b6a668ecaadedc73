import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LAYERS } from '../../test/support/layers.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** docs/architecture.md as it is, with the table and the drawing of the layers written between their markers. */
export function architecturePage(): string {
  const page = readFileSync(join(ROOT, 'docs', 'architecture.md'), 'utf8');
  return section(section(page, 'layers', layerTable()), 'drawing', layerDrawing());
}

/** CONTRIBUTING.md as it is, with the list of the folders of src written between its markers. */
export function contributingPage(): string {
  const page = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const rows = Object.entries(LAYERS).map(([name, { holds }]) => `| \`src/${name}\` | ${holds} |`);
  return section(page, 'layers', ['| folder | the question it answers |', '|---|---|', ...rows.toReversed()]);
}

/** The layers from the top to the bottom, one row each: question, groups (its folders), and what it may import. */
function layerTable(): readonly string[] {
  const rows = Object.entries(LAYERS).map(
    ([name, { holds, imports }]) => `| \`src/${name}\` | ${holds} | ${groupsOf(name)} | ${imports.join(', ') || '–'} |`,
  );
  return ['| folder | the question it answers | groups | imports |', '|---|---|---|---|', ...rows.toReversed()];
}

const groupsOf = (layer: string): string =>
  readdirSync(join(ROOT, 'src', layer), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
    .join(', ');

/** A flowchart in Mermaid. An arrow means "imports"; one that follows from two others is left out. */
export function layerDrawing(): readonly string[] {
  const edges = Object.keys(LAYERS)
    .toReversed()
    .flatMap((from) => directImports(from).map((to) => `  ${from} --> ${to}`));
  return ['```mermaid', 'flowchart TB', ...edges, '```'];
}

const importsOf = (layer: string): readonly string[] => LAYERS[layer]?.imports ?? [];

const directImports = (layer: string): readonly string[] =>
  importsOf(layer).filter((to) => !importsOf(layer).some((between) => between !== to && reaches(between, to, [layer])));

/** Whether `to` is below `from`, without passing the layers of `path` again. */
const reaches = (from: string, to: string, path: readonly string[]): boolean =>
  importsOf(from).some((next) => next === to || (!path.includes(next) && reaches(next, to, [...path, from])));

function section(page: string, name: string, lines: readonly string[]): string {
  const [begin, end] = [`<!-- begin ${name}: written by npm run generate -->`, `<!-- end ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`there are no markers for ${name}`);
  return `${page.slice(0, from)}${[begin, '', ...lines, ''].join('\n')}\n${page.slice(to)}`;
}
