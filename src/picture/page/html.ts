import { sha256 } from '../../model/values/hash.ts';
import { escapeXml, scriptJson, xmlElement } from '../escape.ts';
import { columnLayout } from '../layout/column-layout.ts';
import { layoutPicture } from '../layout/elk-layout.ts';
import type { AnnotatedPicture } from '../model/annotated-picture.ts';
import { CHANGE_STATUSES, pictureStatuses, statusText } from '../model/picture.ts';
import { type LegendSymbol, legendSymbols, SYMBOL_SIZE } from '../svg/legend.ts';
import { renderPageSvg } from '../svg/svg.ts';
import type { BrowserPageData } from './browser/page-data.ts';
import { browserScript } from './browser-script.ts';
import { dedupeJson } from './dedupe-json.ts';
import { pageDetail } from './detail-rows.ts';
import { type PagePart, pageParts } from './page-parts.ts';
import { pageStyle } from './style.ts';

/** Where the page is read: from a file, or from a server, with the errors that keep it from being current (empty: none). */
export type PageDelivery = { readonly place: 'file' } | { readonly place: 'served'; readonly error: string };

/** The page as one file: drawing, list, facts, style and script. Its policy forbids it to load anything else. */
export async function renderHtml(drawing: AnnotatedPicture, setting: PageDelivery): Promise<string> {
  const { picture, title, subtitle, details, extras } = drawing;
  const parts = pageParts(picture);
  const data: BrowserPageData = { parts, details: details.map(pageDetail), extras, statuses: STATUS_TEXTS };
  const style = pageStyle();
  const name = `Drawing of ${title}: Tab to enter, arrows to move, Enter for more`;
  const wide = renderPageSvg(await layoutPicture(picture), name, 'wide');
  const narrow = renderPageSvg(columnLayout(picture), name, 'narrow');
  const drawn = pictureStatuses(picture);
  const words = CHANGE_STATUSES.filter((word) => drawn.includes(word) || parts.some((part) => part.word === word));
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policyFor(style, setting)}">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeXml(title)} – netform</title><style>${style}</style></head><body>`,
    `<header><div id="heading"><h1>${escapeXml(title)}</h1><p class="soft">${escapeXml(subtitle)}</p></div>`,
    `<div id="show">${compareChoices(words)}</div><div id="searching"></div>`,
    '<span id="status" class="soft" role="status"></span></header>',
    `<main id="stage"><div id="drawing">${wide}${narrow}</div>`,
    `<div id="legend"><ul id="words" aria-label="Signs">${words.map((word) => `<li class="badge ${word}">${statusText(word)}</li>`).join('')}</ul>`,
    `<ul id="symbols" aria-label="Symbols">${legendSymbols(picture).map(symbolItem).join('')}</ul>`,
    '<div id="tools"><button id="zoom-in" aria-label="Zoom in">+</button><button id="zoom-out" aria-label="Zoom out">−</button>',
    '<button id="zoom-read" aria-label="Large enough to read">1:1</button><button id="zoom-fit">Fit</button></div></div></main>',
    '<aside aria-label="Parts of the lab"><section id="about" aria-live="polite" hidden><button id="close">Close</button><div id="details"></div></section>',
    `<nav id="list" aria-label="List of all parts"><div id="parts">${partList(parts)}</div></nav></aside>`,
    `<pre id="error" role="alert">${escapeXml(setting.place === 'served' ? setting.error : '').replaceAll('\\x0a', '\n')}</pre>`,
    `<script type="application/json" id="data">${scriptJson(dedupeJson(data))}</script>`,
    `<script>${browserScript()}</script></body></html>\n`,
  ].join('\n');
}

/** The Content-Security-Policy: the page's own style and script by their hashes; events of the server that it comes from. */
function policyFor(style: string, { place }: PageDelivery): string {
  const hash = (text: string) => `'sha256-${sha256(text, 'base64')}'`;
  const connect = place === 'served' ? "connect-src 'self'" : "connect-src 'none'";
  const rules = [`default-src 'none'`, `style-src ${hash(style)}`, `script-src ${hash(browserScript())}`, connect];
  return [...rules, `base-uri 'none'`, `form-action 'none'`].join('; ');
}

const STATUS_TEXTS = Object.fromEntries(CHANGE_STATUSES.map((word) => [word, statusText(word)]));

/** Radio buttons for the sides of a comparison; empty when there is nothing to compare. */
function compareChoices(words: readonly string[]): string {
  if (words.length === 0) return '';
  const isPlan = words.some((word) => ['added', 'changed', 'replaced', 'deleted'].includes(word));
  const names = isPlan
    ? { before: 'before', both: 'the change', after: 'after' }
    : { before: 'as applied', both: 'both', after: 'now' };
  const radios = Object.entries(names).map(([value, name]) => {
    const checked = value === 'both' ? ' checked' : '';
    return `<label><input type="radio" name="show" value="${value}"${checked}>${name}</label>`;
  });
  return `<fieldset><legend>Show</legend>${radios.join('')}</fieldset>`;
}

function symbolItem({ text, mark }: LegendSymbol): string {
  const icon = xmlElement('svg', { ...SYMBOL_SIZE, 'aria-hidden': 'true' }, [mark]);
  return `<li>${icon} ${escapeXml(text)}</li>`;
}

/** The parts of the drawing once more, as a list. */
function partList(parts: readonly PagePart[]): string {
  const sorts = [...new Set(parts.map(({ sort }) => sort))];
  return sorts
    .map((sort) => {
      const items = parts.filter((part) => part.sort === sort).map(partListItem);
      return `<h2>${escapeXml(TITLES[sort])}</h2><ul>${items.join('')}</ul>`;
    })
    .join('');
}

const TITLES: { readonly [sort in PagePart['sort']]: string } = {
  machine: 'This machine',
  namespace: 'Namespaces',
  LAN: 'LANs',
  interface: 'Interfaces of the machine',
  NAT: 'NAT',
  forward: 'Forwards',
  cable: 'Cables',
  overlay: 'Overlays',
};

function partListItem({ id, name, about, word }: PagePart): string {
  const badge = word === null ? '' : xmlElement('span', { class: `badge ${word}` }, [statusText(word)]);
  const more = about === '' ? '' : ` ${xmlElement('span', { class: 'soft' }, [escapeXml(about)])}`;
  return `<li>${xmlElement('button', { 'data-part': id, 'aria-current': 'false' }, [escapeXml(name), badge, more])}</li>`;
}
