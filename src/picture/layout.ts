import type { ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { Crowd } from './crowd.ts';
import { graphOf } from './graph.ts';
import type { Link } from './links.ts';
import type { Picture } from './picture.ts';

/** A picture with a place for everything. Pixels, from the upper left corner of the drawing. */
export type Layout = {
  readonly picture: Picture;
  readonly crowds: readonly Crowd[];
  readonly width: number;
  readonly height: number;
  /** By id of a part, of a crowd, of a port, `host` and `outside`. */
  readonly places: ReadonlyMap<string, Place>;
  readonly lines: readonly Line[];
  /** Names of ports. */
  readonly labels: readonly Label[];
};

export type Place = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
export type Point = { readonly x: number; readonly y: number };
/** `points` run from the first end of the link to the second; `joints` are where lines that share a way part. */
export type Line = {
  readonly link: Link;
  readonly points: readonly Point[];
  readonly joints: readonly Point[];
  readonly labels: readonly Label[];
};
export type Label = Place & { readonly text: string; readonly of: string };

/** Gives everything its place. Loads the layout library, which is large, when it is called for the first time. */
export async function layoutOf(picture: Picture): Promise<Layout> {
  const { root, links, crowds } = graphOf(picture);
  // A CommonJS module that says of itself that it has a default.
  const { default: elk } = await import('elkjs/lib/elk.bundled.js');
  const laid: ElkNode = await new elk.default().layout(root);
  const nodes = [...all(laid)].slice(1);
  const edges = new Map((laid.edges ?? []).map((edge) => [edge.id, edge]));
  const places = new Map([...nodes, ...nodes.flatMap(({ ports = [] }) => ports)].map((one) => [one.id, placeOf(one)]));
  const lines = links.flatMap((link): Line[] => {
    const edge = edges.get(link.id);
    const [section] = edge?.sections ?? [];
    if (!edge || !section) return [];
    const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
    const isTurned = edge.sources[0] !== link.ends[0];
    const labels = (edge.labels ?? []).map((label) => ({ ...placeOf(label), text: label.text ?? '', of: link.id }));
    return [{ link, points: isTurned ? points.toReversed() : points, joints: edge.junctionPoints ?? [], labels }];
  });
  const labels = nodes.flatMap(({ ports = [] }) =>
    ports.flatMap((port) =>
      (port.labels ?? []).map((label) => ({ ...placeOf(label), text: label.text ?? '', of: port.id })),
    ),
  );
  return { picture, crowds, width: laid.width ?? 0, height: laid.height ?? 0, places, lines, labels };
}

function* all(node: ElkNode): Generator<ElkNode> {
  yield node;
  for (const child of node.children ?? []) yield* all(child);
}

type Shape = { readonly x?: number; readonly y?: number; readonly width?: number; readonly height?: number };

const placeOf = ({ x = 0, y = 0, width = 0, height = 0 }: Shape): Place => ({ x, y, width, height });
