import { addedParts, type Picture } from '../model/picture.ts';
import { hostGrids } from './host-grid.ts';
import { nodeDepths } from './node-depths.ts';
import { boxPorts, pictureLinks } from './picture-links.ts';

/** Where a drawing leads to from what is outside. */
export type LayoutDirection = 'right' | 'down';

/**
 * Down, where a drawing to the right would be long and low. It follows from how many nodes there are in how many layers,
 * not from their sizes, and not from what a plan adds: a plan has the direction of the lab.
 */
export function layoutDirection(picture: Picture): LayoutDirection {
  const grids = hostGrids(picture, 'wide');
  const inGrids = new Set(grids.flatMap(({ members }) => members.map(({ box }) => box.id)));
  const links = pictureLinks(picture, grids, boxPorts(picture.wires));
  const hubs = picture.switches.filter(({ place }) => place === 'host');
  const parts = [picture.gates, picture.nics, hubs, picture.boxes.filter(({ id }) => !inGrids.has(id)), grids].flat();
  const depths = nodeDepths(
    picture,
    links,
    [...parts, ...picture.switches].map(({ id }) => id),
  );
  const layers = new Map<number, number>();
  const added = addedParts(picture);
  const counted = parts.filter(({ id }) => !added.has(id));
  for (const { id } of counted) layers.set(depths.get(id) ?? 0, (layers.get(depths.get(id) ?? 0) ?? 0) + 1);
  const isLong = layers.size >= MIN_LAYERS;
  return isLong && Math.max(...layers.values()) <= MAX_NODES ? 'down' : 'right';
}

/** From so many layers on, the cloud not counted, a drawing is long. */
const MIN_LAYERS = 5;
/** So many nodes have room beside each other. */
const MAX_NODES = 4;
