import { createHash } from 'node:crypto';
import type { Drawing } from './drawing.ts';
import { scriptJson, tag, xml } from './escape.ts';
import type { Layout } from './layout.ts';
import { describing, type PageData } from './page/details.ts';
import { starting } from './page/main.ts';
import { pageStyle } from './page/style.ts';
import { zooming } from './page/zoom.ts';
import { type PagePart, partsOf } from './parts.ts';
import { SIGNS, wordsIn } from './picture.ts';
import { sharing } from './sharing.ts';
import { svgForPage } from './svg.ts';

/** Where the page will be: in a file, or served, with what is wrong with the file of late (empty: nothing). */
export type Setting = { readonly place: 'file' } | { readonly place: 'served'; readonly trouble: string };

/** One page that needs nothing else: drawing, list, facts, style and script. It may load nothing from anywhere. */
export function htmlOf(drawing: Drawing, layout: Layout, setting: Setting): string {
  const { picture, title, subtitle, details, extras } = drawing;
  const parts = partsOf(picture);
  const data: PageData = { parts, details, extras, signs: SIGNS };
  const style = pageStyle();
  const words = wordsIn(picture);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policyFor(style, setting)}">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${xml(title)} – netform</title><style>${style}</style></head><body>`,
    `<header><div id="heading"><h1>${xml(title)}</h1><p class="soft">${xml(subtitle)}</p></div>`,
    `<div id="show">${choices(words)}</div><div id="searching"></div>`,
    '<span id="status" class="soft" role="status"></span></header>',
    `<main id="stage"><div id="drawing">${svgForPage(layout, `Drawing of ${title}: Tab to enter, arrows to move, Enter for more`)}</div>`,
    `<ul id="words" aria-label="Signs">${words.map((word) => `<li class="badge ${word}">${SIGNS[word]} ${word}</li>`).join('')}</ul>`,
    '<div id="tools"><button id="zoom-in" aria-label="Zoom in">+</button><button id="zoom-out" aria-label="Zoom out">−</button>',
    '<button id="zoom-fit">Fit</button></div></main>',
    '<aside aria-label="Parts of the lab"><section id="about" aria-live="polite" hidden><button id="close">Close</button><div id="details"></div></section>',
    `<nav id="list" aria-label="List of all parts"><div id="parts">${listOf(parts)}</div></nav></aside>`,
    `<pre id="trouble" role="alert">${xml(setting.place === 'served' ? setting.trouble : '').replaceAll('\\x0a', '\n')}</pre>`,
    `<script type="application/json" id="data">${scriptJson(sharing(data))}</script>`,
    `<script>${SCRIPT}</script></body></html>\n`,
  ].join('\n');
}

/** The functions of the page as text. The first line: what some compilers put around functions to keep their names. */
const SCRIPT = `var __name=(one)=>one;
(${starting.toString()})({zooming:${zooming.toString()},describing:${describing.toString()}});`.replace(
  /<\/(?=script)/gi,
  '<\\/',
);

/** What the browser may load for the page: only what is in it, by its hash; and of a server that it comes from, events. */
export function policyFor(style: string, { place }: Setting): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const connect = place === 'served' ? "connect-src 'self'" : "connect-src 'none'";
  const rules = [`default-src 'none'`, `style-src ${hash(style)}`, `script-src ${hash(SCRIPT)}`, connect];
  return [...rules, `base-uri 'none'`, `form-action 'none'`].join('; ');
}

/** Before and after, when there is something to compare. */
function choices(words: readonly string[]): string {
  if (words.length === 0) return '';
  const isPlan = words.some((word) => ['added', 'changed', 'replaced', 'deleted'].includes(word));
  const names = isPlan
    ? { before: 'before', both: 'the change', after: 'after' }
    : { before: 'as applied', both: 'both', after: 'as it is' };
  const radios = Object.entries(names).map(([value, name]) => {
    const checked = value === 'both' ? ' checked' : '';
    return `<label><input type="radio" name="show" value="${value}"${checked}>${name}</label>`;
  });
  return `<fieldset><legend>Show</legend>${radios.join('')}</fieldset>`;
}

/** Everything once more, as a list. */
function listOf(parts: readonly PagePart[]): string {
  const sorts = [...new Set(parts.map(({ sort }) => sort))];
  return sorts
    .map((sort) => {
      const items = parts.filter((part) => part.sort === sort).map(itemOf);
      return `<h2>${xml(TITLES[sort])}</h2><ul>${items.join('')}</ul>`;
    })
    .join('');
}

const TITLES: { readonly [sort in PagePart['sort']]: string } = {
  machine: 'This machine',
  namespace: 'Namespaces',
  switch: 'Switches',
  interface: 'Interfaces of the machine',
  NAT: 'NAT',
  forward: 'Forwards',
  cable: 'Cables',
  vxlan: 'Overlays',
};

function itemOf({ id, name, about, word }: PagePart): string {
  const badge = word === null ? '' : tag('span', { class: `badge ${word}` }, [`${SIGNS[word]} ${word}`]);
  const more = about === '' ? '' : ` ${tag('span', { class: 'soft' }, [xml(about)])}`;
  return `<li>${tag('button', { 'data-part': id, 'aria-current': 'false' }, [xml(name), badge, more])}</li>`;
}
