import { alignCells, alignColumns } from '../../model/values/columns.ts';
import { displayWidth, padToWidth } from '../../model/values/display-width.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import {
  type Box,
  type BoxRow,
  type ChangeStatus,
  isDefaultRoute,
  type Picture,
  type PictureWire,
  type PictureWireEnd,
  rowName,
  STATUS_SIGNS,
  type Switch,
  statusLabel,
} from '../model/picture.ts';
import { lineText } from './part-labels.ts';

/** Colours a piece of text, or leaves it as it is. */
export type AsciiPaint = (style: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'magenta', text: string) => string;

/**
 * The lab in lines for a terminal, at most `WIDTH` wide where names allow it: a rail for each LAN with its
 * members, the cables, the ways out, and what else there is to say of single namespaces. `summary`: the second line.
 */
export function renderAscii(picture: Picture, paint: AsciiPaint, summary = ''): string {
  const { switches } = picture;
  const sections = [
    gateLines(picture, paint),
    ...switches.map((hub) => railLines(hub, picture, paint)),
    cableLines(picture, paint),
    detailLines(picture, paint),
    isolatedBoxLines(picture, paint),
  ];
  const name = paint('bold', escapeControl(picture.name));
  const head = summary === '' ? [name] : [name, ...summaryLines(summary).map((line) => paint('dim', line))];
  return `${[head, ...sections]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const WIDTH = 80;

/** One line, or two where it is too long for a terminal. */
function summaryLines(summary: string): readonly string[] {
  const line = escapeControl(summary);
  return displayWidth(line) > WIDTH ? line.split(/(?<=;) /) : [line];
}

const STYLES: { readonly [word in ChangeStatus]: Parameters<AsciiPaint>[0] } = {
  added: 'green',
  changed: 'yellow',
  replaced: 'magenta',
  deleted: 'red',
  drifted: 'yellow',
  missing: 'red',
  foreign: 'magenta',
};

/** `line` with the sign before it and the word behind it. */
function withStatus(line: string, word: ChangeStatus | null, paint: AsciiPaint): string {
  if (word === null) return `  ${line}`.trimEnd();
  return paint(STYLES[word], `${STATUS_SIGNS[word]} ${line.trimEnd()}  (${statusLabel(word)})`);
}

function gateLines({ gates, nics }: Picture, paint: AsciiPaint): readonly string[] {
  const own = nics.filter(({ existing }) => existing);
  if (gates.length + own.length === 0) return [];
  const rows = gates.map(({ sort, name, text, outer }) => {
    const out = outer === null ? 'outside' : escapeControl(outer.slice(outer.indexOf('/') + 1).replace(/^nic:/, ''));
    return sort === 'nat' ? [text, '─▶', `NAT ${name}`, '─▶', out] : ['outside', '─▶', name, '─▶', text];
  });
  const cards = own.map(({ name, addresses }) => [
    'outside',
    '──',
    name,
    '──',
    addresses.join(', ') || 'the machine’s own',
  ]);
  const words = [...gates, ...own].map(({ word }) => word);
  return alignColumns([...rows, ...cards]).map((line, i) => withStatus(line, words[i] ?? null, paint));
}

/** Who is on a LAN: an end of a cable, or the bridge's own box by the bridge's address. */
type RailMember = {
  readonly name: string;
  readonly box: Box;
  readonly row: BoxRow | null;
  readonly word: ChangeStatus | null;
};

function railLines(hub: Switch, picture: Picture, paint: AsciiPaint): readonly string[] {
  const boxes = new Map([picture.host, ...picture.boxes].map((box) => [box.id, box]));
  const place = boxes.get(hub.place) ?? picture.host;
  const name = hub.place === 'host' ? hub.name : `${place.name}:${hub.name}`;
  const own =
    hub.addresses.length === 0 ? [] : [[hub.place === 'host' ? 'host' : place.name, hub.addresses, [], null] as const];
  const members = picture.wires.flatMap((wire) => memberOf(wire, hub, boxes));
  const isAlike = ({ row, word, box }: RailMember) => word === null && (row?.texts.length ?? 0) < 2 && isPlainHost(box);
  const alike = members.filter(isAlike).length > MIN_GRID_MEMBERS ? members.filter(isAlike) : [];
  const rest = members.filter((member) => !alike.includes(member));
  const rows = [
    ...own,
    ...rest.map(({ name, row, box, word }) => [name, row?.texts ?? [], defaultRoutes(box, row), word] as const),
  ];
  const lines = alignCells(rows.map(([name, addresses, routes]) => [[name], addresses, routes]));
  const grid = gridLines(alike);
  const title = [
    paint('bold', escapeControl(name)),
    ...hub.subnets.map((subnet) => `LAN ${escapeControl(subnet)}`),
  ].join(' ━━ ');
  const length = [escapeControl(name), ...hub.subnets].reduce((sum, part) => sum + displayWidth(part) + 8, 0);
  const head = `┏━ ${title} ${'━'.repeat(Math.max(2, WIDTH - length))}`;
  const all = [
    ...hub.vlans.map((text) => ({ text: escapeControl(text), first: false, word: null })),
    ...lines.flatMap((texts, i) => texts.map((text, j) => ({ text, first: j === 0, word: rows[i]?.[3] ?? null }))),
    ...grid.map((text) => ({ text, first: true, word: null })),
  ];
  const last = all.findLastIndex(({ first }) => first);
  const body = all.map(({ text, first, word }, i) => {
    const rail = first ? (i === last ? '┖─ ' : '┠─ ') : i > last ? '   ' : '┃  ';
    return withStatus(`${rail}${text}`, first ? word : null, paint);
  });
  return [withStatus(head, hub.word, paint), ...body];
}

/** From so many alike on they are shown side by side. */
const MIN_GRID_MEMBERS = 12;

function memberOf(
  { ends, word, overlay, note }: PictureWire,
  hub: Switch,
  boxes: ReadonlyMap<string, Box>,
): readonly RailMember[] {
  const at = ends.findIndex(({ node, port }) => node === hub.id && port === null);
  const end = at < 0 ? undefined : ends[1 - at];
  if (end === undefined) return [];
  const box = boxes.get(end.node);
  const over = overlay === null ? '' : ` over ${overlay}`;
  const bad = note === undefined ? '' : ` (${note})`;
  const name = `${endName(end, boxes)}${over}${bad}`;
  if (box === undefined) return [{ name, box: EMPTY_BOX, row: null, word }];
  const row = box.rows.find((one) => one.sort === 'interface' && one.name === end.port) ?? null;
  return [{ name, box, row, word: box.word ?? word ?? row?.word ?? null }];
}

const EMPTY_BOX: Box = { id: '', ids: [], word: null, name: '', forwarding: false, rows: [] };

const isPlainHost = ({ rows, forwarding }: Box): boolean =>
  !forwarding && rows.every((row) => row.word === null && (row.sort === 'interface' || isDefaultRoute(row)));
/** The default routes of a box that leave by one of its interfaces. */
const defaultRoutes = ({ rows, word }: Box, link: BoxRow | null): readonly string[] =>
  rows
    .filter((row) => isDefaultRoute(row) && link !== null && row.links?.includes(link.name))
    .filter((row) => row.word === null || row.word === word)
    .map((row) => `${rowName(row)} → ${row.texts.join(' ')}`);

function endName({ node, port }: PictureWireEnd, boxes: ReadonlyMap<string, Box>): string {
  if (port !== null) return `${boxes.get(node)?.name ?? node}:${port}`;
  return node.startsWith('nic:') ? `host:${node.slice(4)}` : node.slice(node.indexOf(':') + 1).replace('/', ':');
}

/** Side by side, as many as there is room for. */
function gridLines(members: readonly RailMember[]): readonly string[] {
  const texts = members.map(({ name, row }) =>
    `${escapeControl(name)} ${row?.texts[0]?.split('/')[0] ?? ''}`.trimEnd(),
  );
  const width = Math.max(0, ...texts.map(displayWidth)) + 3;
  const count = Math.max(1, Math.floor((WIDTH - 5) / width));
  return Array.from({ length: Math.ceil(texts.length / count) }, (_, i) =>
    texts
      .slice(i * count, (i + 1) * count)
      .map((text) => padToWidth(text, width))
      .join('')
      .trimEnd(),
  );
}

/** Cables without an end at a bridge: `red:eth0 10.0.0.1/24 ━━ blue:eth0 10.0.0.2/24`. */
function cableLines(picture: Picture, paint: AsciiPaint): readonly string[] {
  const boxes = new Map(picture.boxes.map((box) => [box.id, box]));
  const hubs = new Set(picture.switches.map(({ id }) => id));
  const cables = picture.wires.filter(({ ends }) => !ends.some(({ node }) => hubs.has(node)));
  const addresses = ({ node, port }: PictureWireEnd): readonly string[] =>
    boxes.get(node)?.rows.find(({ sort, name }) => sort === 'interface' && name === port)?.texts ??
    picture.nics.find(({ id }) => id === node)?.addresses ??
    [];
  const rows = alignCells(
    cables.map(({ ends: [one, other], overlay, note }) => [
      [endName(one, boxes)],
      addresses(one),
      [lineText(overlay, note)],
      [endName(other, boxes)],
      addresses(other),
    ]),
  );
  return rows.flatMap((lines, i) =>
    lines.map((line, j) => withStatus(line, j === 0 ? (cables[i]?.word ?? null) : null, paint)),
  );
}

/** What a namespace does besides being there. */
function detailLines({ host, boxes, wires, switches }: Picture, paint: AsciiPaint): readonly string[] {
  const hubs = new Set(switches.map(({ id }) => id));
  const ends = wires.filter((wire) => wire.ends.some(({ node }) => hubs.has(node))).flatMap((wire) => wire.ends);
  const onRails = new Set(ends.map(({ node, port }) => `${node} ${port}`));
  const rows = [host, ...boxes].flatMap((box) => {
    const router = box.forwarding && box.id !== 'host' ? [{ cells: [box.name, 'router', ''], word: null }] : [];
    const own = box.rows.filter((row) => isDetailRow(row, box, onRails));
    return [
      ...router,
      ...own.map((row) => ({
        cells: [boxName(box), ...detailCells(row)],
        word: row.word === box.word ? null : row.word,
      })),
    ];
  });
  return alignColumns(rows.map(({ cells }) => cells)).map((line, i) => withStatus(line, rows[i]?.word ?? null, paint));
}

/** What the rails do not show: interfaces are there with their words, and so are unchanged default routes of `onRails`. */
function isDetailRow(row: BoxRow, box: Box, onRails: ReadonlySet<string>): boolean {
  if (row.sort === 'interface') return row.name === 'lo';
  const isOnRail = isDefaultRoute(row) && row.links?.some((link) => onRails.has(`${box.id} ${link}`));
  return !isOnRail || (row.word !== null && row.word !== box.word);
}

const boxName = ({ id, name }: Box): string => (id === 'host' ? 'host' : name);

function detailCells(row: BoxRow): readonly [string, string] {
  const { sort, texts } = row;
  const name = rowName(row);
  if (sort === 'route' || sort === 'forward') return [sort, `${name} → ${texts.join(', ')}`];
  if (sort === 'firewall') return [sort, texts.join(', ')];
  return [['nat', 'cni', 'dns'].includes(sort) ? sort.toUpperCase() : sort, `${name} ${texts.join(', ')}`];
}

/** Namespaces that nothing leads to. */
function isolatedBoxLines({ boxes, wires, switches }: Picture, paint: AsciiPaint): readonly string[] {
  const wired = new Set([
    ...wires.flatMap(({ ends }) => ends.map(({ node }) => node)),
    ...switches.map(({ place }) => place),
  ]);
  return boxes
    .filter(({ id }) => !wired.has(id))
    .map(({ name, word }) => withStatus(`${escapeControl(name)}   on no LAN`, word, paint));
}
