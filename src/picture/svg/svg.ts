import { escapeXml, xmlElement } from '../escape.ts';
import type { LinkPath, PictureLayout, PixelRect } from '../layout/elk-layout.ts';
import { FONTS, textWidth } from '../layout/font-metrics.ts';
import { badgeWidth } from '../layout/part-size.ts';
import { type Picture, pictureStatuses, statusText } from '../model/picture.ts';
import { linkShape, linkStatus, portLabels } from './link-shapes.ts';
import { svgStyle } from './style.ts';
import { boxShape, cloudShape, frameShape, gateShape, hostGridShape, hubShape, nicShape } from './svg-shapes.ts';

/** What is written above the drawing. */
export type SvgHeading = { readonly title: string; readonly subtitle: string };

/** A standalone SVG: it follows the viewer's light or dark background, and says what it shows to who does not see it. */
export function renderSvg(layout: PictureLayout, heading: SvgHeading): string {
  const { width, height } = svgSize(layout, heading);
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
    legend(layout, height - 22),
  ]);
  return `${svg}\n`;
}

/** A laid out picture as an SVG element of the page: without title and legend, and with selectable parts. */
export const renderPageSvg = (layout: PictureLayout, name: string): string => {
  const whole = `0 0 ${Math.ceil(layout.width)} ${Math.ceil(layout.height)}`;
  const attributes = { viewBox: whole, 'data-whole': whole, role: 'group', 'aria-label': name };
  return xmlElement('svg', attributes, partShapes(layout));
};

const MARGIN = 24;
const TOP = 52;
const LEGEND = 34;

function svgSize(layout: PictureLayout, { title, subtitle }: SvgHeading) {
  const words = pictureStatuses(layout.picture);
  const bottom = words.length === 0 ? 0 : LEGEND;
  const legendWidth = words.reduce((sum, word) => sum + badgeWidth(word) + 14, 0);
  const texts = [textWidth(title, FONTS.heading), textWidth(subtitle, FONTS.small), legendWidth];
  return {
    width: Math.max(layout.width, ...texts.map((text) => text + 2 * MARGIN)),
    height: layout.height + TOP + bottom,
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
    ...placed(
      boxes.filter(({ id }) => !inner.has(id)),
      boxShape,
    ),
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

/** The words that are used, each with its sign. */
function legend({ picture }: PictureLayout, y: number): string {
  let x = MARGIN;
  const items = pictureStatuses(picture).map((word) => {
    const text = statusText(word);
    const width = badgeWidth(word);
    const item = [
      xmlElement('rect', { class: `badge ${word}`, x, y: y - 14, width, height: 20, rx: 10 }),
      xmlElement('text', { class: 'small on-badge middle', x: x + width / 2, y }, [escapeXml(text)]),
    ].join('');
    x += width + 14;
    return item;
  });
  return xmlElement('g', { class: 'words' }, items.length === 0 ? [''] : items);
}
