import { escapeXml, xmlElement } from '../escape.ts';
import type { LinkPath, PictureLayout, PixelRect } from '../layout/elk-layout.ts';
import { FONTS, textWidth } from '../layout/font-metrics.ts';
import { badgeWidth } from '../layout/part-size.ts';
import { type ChangeStatus, type Picture, pictureStatuses, statusText } from '../model/picture.ts';
import { type LegendSymbol, legendSymbols, SYMBOL_SIZE } from './legend.ts';
import { lineTags, linkShape, linkStatus, portLabels } from './link-shapes.ts';
import { svgStyle } from './style.ts';
import {
  boxShape,
  cloudShape,
  frameHeader,
  frameShape,
  gateShape,
  hostGridShape,
  hubShape,
  nicShape,
} from './svg-shapes.ts';

/** What is written above the drawing. */
export type SvgHeading = { readonly title: string; readonly subtitle: string };

/** A standalone SVG: it follows the viewer's light or dark background, and says what it shows to who does not see it. */
export function renderSvg(layout: PictureLayout, heading: SvgHeading): string {
  const { width, height, bottom } = svgSize(layout, heading);
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
    width: Math.ceil(width),
    height: Math.ceil(height),
    role: 'img',
    'aria-labelledby': 'netform-title netform-about',
  };
  const svg = xmlElement('svg', attributes, [
    xmlElement('title', { id: 'netform-title' }, [escapeXml(heading.title)]),
    xmlElement('desc', { id: 'netform-about' }, [escapeXml(heading.subtitle)]),
    xmlElement('style', {}, [svgStyle()]),
    xmlElement('rect', { class: 'paper', width: '100%', height: '100%' }),
    xmlElement('text', { class: 'heading', x: MARGIN, y: 38 }, [escapeXml(heading.title)]),
    xmlElement('text', { class: 'soft small', x: MARGIN, y: 58 }, [escapeXml(heading.subtitle)]),
    xmlElement('g', { transform: `translate(0 ${TOP})` }, partShapes(layout)),
    legend(layout.picture, bottom + 16, width),
  ]);
  return `${svg}\n`;
}

/** A laid out picture as an SVG element of the page: without title and legend, and with selectable parts. */
export function renderPageSvg(layout: PictureLayout, name: string, screen: 'wide' | 'narrow'): string {
  const [width, height] = [Math.ceil(layout.width), Math.ceil(layout.height)];
  const viewBox = `0 0 ${width} ${height}`;
  return xmlElement(
    'svg',
    { class: screen, viewBox, width, height, role: 'group', 'aria-label': name },
    partShapes(layout),
  );
}

const MARGIN = 24;
const TOP = 52;
const LEGEND_LINE = 26;
/** The longest symbol of a legend fits. */
const MIN_LEGEND_WIDTH = 200;

function svgSize({ picture, width, height }: PictureLayout, { title, subtitle }: SvgHeading) {
  const badges = pictureStatuses(picture).reduce((sum, word) => sum + badgeWidth(word) + 16, 0);
  const texts = [textWidth(title, FONTS.heading), textWidth(subtitle, FONTS.small), badges, MIN_LEGEND_WIDTH];
  const wide = Math.max(width, ...texts.map((text) => text + 2 * MARGIN));
  return {
    width: wide,
    bottom: TOP + height,
    height: TOP + height + legendLines(picture, wide).length * LEGEND_LINE + 6,
  };
}

/** From the back to the front. */
function partShapes(layout: PictureLayout): readonly string[] {
  const { picture, places, crowds, lines } = layout;
  const crowded = new Set(crowds.flatMap(({ members }) => members.map(({ box }) => box.id)));
  const placed = <T extends { readonly id: string }>(parts: readonly T[], draw: (part: T, at: PixelRect) => string) =>
    parts.flatMap((part) => {
      const at = places.get(part.id);
      return at === undefined ? [] : [draw(part, at)];
    });
  const outside = places.get('outside');
  const inner = new Set(picture.switches.map(({ place }) => place));
  const boxes = picture.boxes.filter(({ id }) => !crowded.has(id));
  return [
    ...(outside === undefined ? [] : [cloudShape(outside)]),
    ...placed([picture.host], frameShape),
    ...placed(
      boxes.filter(({ id }) => inner.has(id)),
      boxShape,
    ),
    ...[...lines].sort(byWeight(picture)).map((line) => linkShape(line, picture)),
    ...lines.flatMap((line) => lineTags(line, picture)),
    ...placed(
      boxes.filter(({ id }) => !inner.has(id)),
      boxShape,
    ),
    frameHeader(picture.host, layout.header),
    ...placed(picture.switches, hubShape),
    ...placed(picture.nics, nicShape),
    ...placed(picture.gates, gateShape),
    ...placed(crowds, hostGridShape),
    ...portLabels(layout),
  ];
}

/** Of lines that share a way, the one that stays as it is comes last, and is seen. */
const byWeight = (picture: Picture) => {
  const weight = ({ link }: LinkPath) => ['deleted', 'missing', 'added', null].indexOf(linkStatus(link.part, picture));
  return (one: LinkPath, other: LinkPath) => weight(one) - weight(other);
};

/** The statuses and the symbols of the drawing, side by side, in as many lines as they need. `y`: of the first line. */
function legend(picture: Picture, y: number, width: number): string {
  return xmlElement(
    'g',
    { class: 'words' },
    legendLines(picture, width)
      .flatMap((line, i) => line.map(({ draw, x }) => draw(x, y + i * LEGEND_LINE)))
      .concat(''),
  );
}

type LegendItem = { readonly width: number; readonly draw: (x: number, y: number) => string };

/** The items of a legend with their places, as many in a line as fit. */
function legendLines(picture: Picture, width: number): readonly (readonly (LegendItem & { readonly x: number })[])[] {
  const lines: (LegendItem & { readonly x: number })[][] = [];
  let x = Number.POSITIVE_INFINITY;
  for (const item of [...pictureStatuses(picture).map(statusItem), ...legendSymbols(picture).map(symbolItem)]) {
    if (x + item.width > width - MARGIN) {
      lines.push([]);
      x = MARGIN;
    }
    lines.at(-1)?.push({ ...item, x });
    x += item.width + 16;
  }
  return lines;
}

function statusItem(word: ChangeStatus): LegendItem {
  const width = badgeWidth(word);
  const draw = (x: number, y: number) =>
    [
      xmlElement('rect', { class: `badge ${word}`, x, y: y - 14, width, height: 20, rx: 10 }),
      xmlElement('text', { class: 'small on-badge middle', x: x + width / 2, y }, [escapeXml(statusText(word))]),
    ].join('');
  return { width, draw };
}

function symbolItem({ text, mark }: LegendSymbol): LegendItem {
  const draw = (x: number, y: number) =>
    [
      xmlElement('g', { transform: `translate(${x} ${y - 12})` }, [mark]),
      xmlElement('text', { class: 'small soft', x: x + SYMBOL_SIZE.width + 6, y }, [escapeXml(text)]),
    ].join('');
  return { width: SYMBOL_SIZE.width + 6 + textWidth(text, FONTS.small), draw };
}
