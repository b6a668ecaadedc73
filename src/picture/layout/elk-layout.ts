import type { ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { Picture } from '../model/picture.ts';
import { buildLayoutGraph } from './elk-graph.ts';
import type { HostGrid } from './host-grid.ts';
import { layoutDirection } from './layout-direction.ts';
import type { PictureLink } from './picture-links.ts';

/** A picture with a place for everything. Pixels, from the upper left corner of the drawing. */
export type PictureLayout = {
  readonly picture: Picture;
  readonly crowds: readonly HostGrid[];
  readonly width: number;
  readonly height: number;
  /** By id of a part, of a crowd, of a port, `host` and `outside`. */
  readonly places: ReadonlyMap<string, PixelRect>;
  readonly lines: readonly LinkPath[];
  /** Names of ports. */
  readonly labels: readonly LabelRect[];
  /** Where the name of the host is written. */
  readonly header: PixelPoint;
};

/** A rectangle in pixels; x and y are its upper left corner. */
export type PixelRect = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
/** A point in pixels, x to the right and y down. */
export type PixelPoint = { readonly x: number; readonly y: number };
/** `points` run from the first end of the link to the second; `joints` are where lines that share a way part. */
export type LinkPath = {
  readonly link: PictureLink;
  readonly points: readonly PixelPoint[];
  readonly joints: readonly PixelPoint[];
  readonly labels: readonly LabelRect[];
};
/** A text with its place; `of` is the id of the part that it belongs to. */
export type LabelRect = PixelRect & { readonly text: string; readonly of: string };

/** Gives everything its place. Loads the layout library, which is large, when it is called for the first time. */
export async function layoutPicture(picture: Picture, direction = layoutDirection(picture)): Promise<PictureLayout> {
  const { root, links, crowds } = buildLayoutGraph(picture, direction);
  // A CommonJS module that says of itself that it has a default.
  const { default: elk } = await import('elkjs/lib/elk.bundled.js');
  const laid: ElkNode = await new elk.default().layout(root);
  const nodes = [...descendants(laid)].slice(1);
  const edges = new Map((laid.edges ?? []).map((edge) => [edge.id, edge]));
  const places = new Map(
    [...nodes, ...nodes.flatMap(({ ports = [] }) => ports)].map((one) => [one.id, pixelRect(one)]),
  );
  const lines = links.flatMap((link): LinkPath[] => {
    const edge = edges.get(link.id);
    const [section] = edge?.sections ?? [];
    if (!edge || !section) return [];
    const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
    const isTurned = edge.sources[0] !== link.ends[0];
    const labels = (edge.labels ?? []).map((label) => ({ ...pixelRect(label), text: label.text ?? '', of: link.id }));
    return [{ link, points: isTurned ? points.toReversed() : points, joints: edge.junctionPoints ?? [], labels }];
  });
  const labels = nodes.flatMap(({ ports = [] }) =>
    ports.flatMap((port) =>
      (port.labels ?? []).map((label) => ({ ...pixelRect(label), text: label.text ?? '', of: port.id })),
    ),
  );
  const { x = 0, y = 0 } = places.get('host') ?? {};
  const size = { width: laid.width ?? 0, height: laid.height ?? 0 };
  return { picture, crowds, ...size, places, lines, labels, header: { x, y } };
}

function* descendants(node: ElkNode): Generator<ElkNode> {
  yield node;
  for (const child of node.children ?? []) yield* descendants(child);
}

type ElkRect = { readonly x?: number; readonly y?: number; readonly width?: number; readonly height?: number };

const pixelRect = ({ x = 0, y = 0, width = 0, height = 0 }: ElkRect): PixelRect => ({ x, y, width, height });
