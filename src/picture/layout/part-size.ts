import {
  type Box,
  type BoxRow,
  type ChangeStatus,
  type HostNic,
  type NatGate,
  rowName,
  type Switch,
  statusLabel,
} from '../model/picture.ts';
import { FONTS, textWidth, truncateText } from './font-metrics.ts';

/** A box as lines of text with their places, and its size. Pixels, from its own upper left corner. */
export type BoxSize = {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly RowPosition[];
};

/** Pixels. */
export type NodeSize = { readonly width: number; readonly height: number };

/** `x` is where the second column begins. */
export type RowPosition = {
  readonly row: BoxRow;
  readonly name: string;
  readonly texts: readonly string[];
  readonly x: number;
  readonly y: number;
};

/** Pixels between a part's border and its text. */
export const PADDING = 14;
/** Pixels that the title of a box takes. */
export const TITLE_HEIGHT = 34;
/** Pixels that a row of a box takes. */
export const ROW_HEIGHT = 18;
/** Characters of a name that are shown. */
export const LONGEST_NAME = 26;
const LONGEST_TEXT = 44;
const MOST_ROWS = 9;

/** The size of the cloud in pixels: of its lower part, which lines end at; it reaches further up. */
export const CLOUD_SIZE = { width: 120, height: 44 };

/** A namespace, or the header of the host. */
export function measureBox(box: Box): BoxSize {
  const rows = visibleRows(box);
  const names = rows.map((row) => `${truncateText(rowName(row), LONGEST_NAME)}${row.sort === 'route' ? ' →' : ''}`);
  const widths = rows.map((row, i) => textWidth(`${rowSign(row, box)}${names[i]}`, FONTS.mono));
  const column = PADDING + Math.max(0, ...widths) + 12;
  let y = TITLE_HEIGHT + 16;
  const lines = rows.map((row, i): RowPosition => {
    const texts = row.texts.map((text) => truncateText(text, LONGEST_TEXT));
    const line = { row, name: names[i] ?? '', texts, x: column, y };
    y += ROW_HEIGHT * Math.max(1, texts.length);
    return line;
  });
  const texts = lines.flatMap((line) => line.texts.map((text) => line.x + textWidth(text, FONTS.mono)));
  const title = PADDING + textWidth(truncateText(box.name, LONGEST_NAME), FONTS.title) + badgesWidth(box);
  const width = Math.max(120, title, ...texts, column) + PADDING;
  return { width, height: lines.length === 0 ? TITLE_HEIGHT + 2 : y - 4, lines };
}

/** The sign of a row, when it is not the box's own. */
const rowSign = (row: BoxRow, box: Box): string => (row.word === null || row.word === box.word ? '' : '± ');

const badgesWidth = ({ forwarding, word, id }: Box): number =>
  (forwarding ? textWidth(ROUTER_LABEL, FONTS.small) + 26 : 0) +
  (word === null || id === 'host' ? 0 : badgeWidth(word) + 10);

/** The badge of a namespace that forwards. */
export const ROUTER_LABEL = 'router';
/** Pixels that the badge of a change status takes. */
export const badgeWidth = (word: ChangeStatus): number => textWidth(`± ${statusLabel(word)}`, FONTS.small) + 16;

/** The beginning of a long routing table; the rest is counted. */
function visibleRows({ rows, id }: Box): readonly BoxRow[] {
  if (rows.length <= MOST_ROWS) return rows;
  const shown = rows.slice(0, MOST_ROWS - 1);
  const rest = rows.slice(MOST_ROWS - 1);
  const ids = rest.flatMap((row) => row.ids);
  const name = `… ${rest.length} more`;
  return [...shown, { id: `${id} rest`, ids, sort: 'rule', name, texts: [], word: null }];
}

/** The LAN, and who is on it by the bridge itself. */
export const switchLines = ({ addresses, subnets, vlans, place }: Switch): readonly string[] => {
  const who = place === 'host' ? 'host' : place.slice(place.indexOf(':') + 1);
  return [
    ...subnets.map((subnet) => `LAN ${subnet}`),
    ...vlans.map((text) => truncateText(text, LONGEST_TEXT)),
    ...addresses.map((address) => `${truncateText(who, LONGEST_NAME)} ${address.split('/')[0]}`),
  ];
};

/** The size of a switch in pixels. */
export function measureSwitch(one: Switch): { readonly width: number; readonly height: number } {
  const name =
    36 +
    textWidth(truncateText(one.name, LONGEST_NAME), FONTS.title) +
    (one.word === null ? 0 : badgeWidth(one.word) + 8);
  const texts = switchLines(one).map((text) => textWidth(text, FONTS.mono));
  return { width: Math.max(110, name, ...texts) + 2 * PADDING + 8, height: 40 + switchLines(one).length * 17 };
}

/** The size of an interface of the host in pixels. */
export function measureNic({ name, addresses, word }: HostNic): { readonly width: number; readonly height: number } {
  const title =
    24 + textWidth(truncateText(name, LONGEST_NAME), FONTS.title) + (word === null ? 0 : badgeWidth(word) + 8);
  const texts = addresses.map((text) => textWidth(text, FONTS.mono));
  return { width: Math.max(80, title, ...texts) + 2 * PADDING, height: 34 + addresses.length * 17 };
}

/** The size of a gate in pixels. */
export function measureGate(gate: NatGate): { readonly width: number; readonly height: number } {
  const [title, text] = gateCaption(gate);
  const badge = gate.word === null ? 0 : badgeWidth(gate.word) + 8;
  return {
    width: Math.max(textWidth(title, FONTS.card) + badge, textWidth(text, FONTS.mono)) + 2 * PADDING,
    height: 46,
  };
}

/** What a gate says, in two lines. */
export const gateCaption = ({ sort, name, text }: NatGate): readonly [string, string] =>
  sort === 'nat'
    ? [`NAT ${name}`, truncateText(text, LONGEST_TEXT)]
    : ['Forward', `${truncateText(name, LONGEST_TEXT)} → ${truncateText(text, LONGEST_TEXT)}`];
