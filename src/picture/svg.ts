import { tag, xml } from './escape.ts';
import type { Layout, Line, Place } from './layout.ts';
import { FONTS, widthOf } from './measure.ts';
import { type Picture, SIGNS, wordsIn } from './picture.ts';
import { boxShape, cloudShape, crowdShape, frameShape, gateShape, hubShape, nicShape } from './shapes.ts';
import { badgeWidth } from './size.ts';
import { lineShape, portLabels, wordOf } from './strokes.ts';
import { svgStyle } from './style.ts';

/** What is written above the drawing. */
export type Heading = { readonly title: string; readonly subtitle: string };

/** A standalone SVG: it follows the viewer's light or dark background, and says what it shows to who does not see it. */
export function svgOf(layout: Layout, heading: Heading): string {
  const { width, height } = sizeOf(layout, heading);
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`,
    width: Math.ceil(width),
    height: Math.ceil(height),
    role: 'img',
    'aria-labelledby': 'netform-title netform-about',
  };
  const svg = tag('svg', attributes, [
    tag('title', { id: 'netform-title' }, [xml(heading.title)]),
    tag('desc', { id: 'netform-about' }, [xml(heading.subtitle)]),
    tag('style', {}, [svgStyle()]),
    tag('rect', { class: 'paper', width: '100%', height: '100%' }),
    tag('text', { class: 'heading', x: MARGIN, y: 38 }, [xml(heading.title)]),
    tag('text', { class: 'soft small', x: MARGIN, y: 58 }, [xml(heading.subtitle)]),
    tag('g', { transform: `translate(0 ${TOP})` }, partsOf(layout)),
    legend(layout, height - 22),
  ]);
  return `${svg}\n`;
}

/** The same for a page that says the rest itself: without words above and below, its parts can be chosen. */
export const svgForPage = (layout: Layout, name: string): string => {
  const whole = `0 0 ${Math.ceil(layout.width)} ${Math.ceil(layout.height)}`;
  const attributes = { viewBox: whole, 'data-whole': whole, role: 'group', 'aria-label': name };
  return tag('svg', attributes, partsOf(layout));
};

const MARGIN = 24;
const TOP = 52;
const LEGEND = 34;

function sizeOf(layout: Layout, { title, subtitle }: Heading) {
  const words = wordsIn(layout.picture);
  const bottom = words.length === 0 ? 0 : LEGEND;
  const legendWidth = words.reduce((sum, word) => sum + badgeWidth(word) + 14, 0);
  const texts = [widthOf(title, FONTS.heading), widthOf(subtitle, FONTS.small), legendWidth];
  return {
    width: Math.max(layout.width, ...texts.map((text) => text + 2 * MARGIN)),
    height: layout.height + TOP + bottom,
  };
}

/** From the back to the front. */
function partsOf(layout: Layout): readonly string[] {
  const { picture, places, crowds, lines } = layout;
  const crowded = new Set(crowds.flatMap(({ members }) => members.map(({ box }) => box.id)));
  const placed = <T extends { readonly id: string }>(parts: readonly T[], draw: (part: T, at: Place) => string) =>
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
    ...[...lines].sort(byWeight(picture)).map((line) => lineShape(line, picture)),
    ...placed(
      boxes.filter(({ id }) => !inner.has(id)),
      boxShape,
    ),
    ...placed(picture.switches, hubShape),
    ...placed(picture.nics, nicShape),
    ...placed(picture.gates, gateShape),
    ...placed(crowds, crowdShape),
    ...portLabels(layout),
  ];
}

/** Of lines that share a way, the one that stays as it is comes last, and is seen. */
const byWeight = (picture: Picture) => {
  const weight = ({ link }: Line) => ['deleted', 'missing', 'added', null].indexOf(wordOf(link.part, picture));
  return (one: Line, other: Line) => weight(one) - weight(other);
};

/** The words that are used, each with its sign. */
function legend({ picture }: Layout, y: number): string {
  let x = MARGIN;
  const items = wordsIn(picture).map((word) => {
    const text = `${SIGNS[word]} ${word}`;
    const width = badgeWidth(word);
    const item = [
      tag('rect', { class: `badge ${word}`, x, y: y - 14, width, height: 20, rx: 10 }),
      tag('text', { class: 'small on-badge middle', x: x + width / 2, y }, [xml(text)]),
    ].join('');
    x += width + 14;
    return item;
  });
  return tag('g', { class: 'words' }, items.length === 0 ? [''] : items);
}
