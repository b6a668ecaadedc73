import { appendTo } from '../../model/values/group-by.ts';
import { addedParts, type Box, gateInners, isDefaultRoute, type Picture, type PictureWire } from '../model/picture.ts';
import { FONTS, textWidth, truncateText } from './font-metrics.ts';

/** Many alike on one switch: a grid of small cards, and one line to the switch. */
export type HostGrid = {
  readonly id: string;
  readonly switch: string;
  readonly members: readonly HostCard[];
  readonly wires: readonly PictureWire[];
  readonly columns: number;
  /** Pixels. */
  readonly card: { readonly width: number; readonly height: number };
};

/** One host of a grid: its box, its name and its lines of text. */
export type HostCard = { readonly box: Box; readonly name: string; readonly texts: readonly string[] };

/** From so many on they are drawn as a grid: in a wide drawing, and in a column. */
const MIN_HOSTS = { wide: 7, column: 3 };

/** More grids than these stand in a column: flat ones, then. */
const MAX_SQUARE_GRIDS = 3;

/** How wide a grid of a column is at most, in pixels. */
const NARROW_GRID = 330;

const GAP = 8;
const GRID_PADDING = 14;
const LONGEST = 30;

/** The groups of plain hosts in a picture: hosts with one interface, on the same switch, without anything else to show. */
export function hostGrids(picture: Picture, screen: 'wide' | 'column'): readonly HostGrid[] {
  const wires = wiresByNode(picture.wires);
  const busy = new Set([
    ...picture.switches.map(({ place }) => place),
    ...picture.gates.flatMap((gate) => [...gateInners(gate), gate.outer]),
  ]);
  const bySwitch = new Map<string, { box: Box; wire: PictureWire }[]>();
  const kinds = new Map(picture.switches.map(({ id }) => [id, true]));
  for (const box of picture.boxes) {
    const [wire, ...more] = wires.get(box.id) ?? [];
    if (!wire || more.length > 0 || busy.has(box.id) || !isPlainHost(box)) continue;
    const other = wire.ends.find(({ node }) => node !== box.id)?.node ?? '';
    if (!kinds.has(other)) continue;
    appendTo(bySwitch, other, { box, wire });
  }
  const added = addedParts(picture);
  const least = MIN_HOSTS[screen];
  const many = [...bySwitch].filter(([, all]) => {
    const kept = all.filter(({ box }) => !added.has(box.id)).length;
    // What a plan adds to a few that stand alone makes them a grid only when it is much.
    return kept >= least || all.length >= (kept === 0 ? least : 2 * least);
  });
  const ratio = many.length > MAX_SQUARE_GRIDS ? 3 : 1.8;
  const limit = screen === 'column' ? NARROW_GRID : Number.POSITIVE_INFINITY;
  return many.map(([id, all]) => hostGrid(id, all, { ratio, limit }));
}

function wiresByNode(wires: readonly PictureWire[]): ReadonlyMap<string, readonly PictureWire[]> {
  const found = new Map<string, PictureWire[]>();
  for (const wire of wires) {
    for (const { node } of wire.ends) appendTo(found, node, wire);
  }
  return found;
}

const isPlainHost = ({ rows, forwarding }: Box): boolean =>
  !forwarding &&
  rows.filter(({ sort }) => sort === 'interface').length === 1 &&
  rows.every((row) => row.sort === 'interface' || isDefaultRoute(row));

function hostGrid(
  id: string,
  all: readonly { readonly box: Box; readonly wire: PictureWire }[],
  { ratio, limit }: { readonly ratio: number; readonly limit: number },
): HostGrid {
  const members = all.map(({ box }): HostCard => {
    const texts = box.rows.find(({ sort }) => sort === 'interface')?.texts ?? [];
    return { box, name: truncateText(box.name, LONGEST), texts: texts.map(withoutLength) };
  });
  const widest = (texts: readonly string[], font: Parameters<typeof textWidth>[1]) =>
    Math.max(...texts.map((text) => textWidth(text, font)));
  const lines = Math.max(...members.map(({ texts }) => texts.length));
  const names = widest(
    members.map(({ name, box }) => `${box.word === null ? '' : '+ '}${name}`),
    FONTS.card,
  );
  const addresses = widest(
    members.flatMap(({ texts }) => ['', ...texts]),
    FONTS.tiny,
  );
  const card = { width: Math.max(names, addresses, 60) + 20, height: 28 + lines * 15 };
  const ideal = Math.sqrt((members.length * card.height * ratio) / card.width);
  const most = Math.floor((limit - 2 * GRID_PADDING + GAP) / (card.width + GAP));
  const columns = Math.max(1, Math.min(members.length, Math.max(2, Math.round(ideal)), most));
  return { id: `crowd:${id}`, switch: id, members, wires: all.map(({ wire }) => wire), columns, card };
}

/** The LAN says how long it is. */
const withoutLength = (prefix: string): string => prefix.split('/')[0] ?? prefix;

/** Where the cards are, from the upper left corner of the crowd, and how large all is. */
export function hostGridLayout({ members, columns, card }: HostGrid) {
  const places = members.map((member, i) => ({
    member,
    x: GRID_PADDING + (i % columns) * (card.width + GAP),
    y: GRID_PADDING + Math.floor(i / columns) * (card.height + GAP),
  }));
  const rows = Math.ceil(members.length / columns);
  return {
    places,
    width: 2 * GRID_PADDING + columns * (card.width + GAP) - GAP,
    height: 2 * GRID_PADDING + rows * (card.height + GAP) - GAP,
  };
}
