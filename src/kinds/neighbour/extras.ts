import type { Extra, PlaceOfExtras } from '../../model/kind.ts';
import { linksOf, specsOf } from '../known.ts';

type Entry = { readonly dev: string; readonly to: string; readonly mac: string };

/** Written entries on the lab's links that are not in the file. */
export function extraNeighbours(place: PlaceOfExtras): readonly Extra[] {
  const { netns, there } = place;
  const links = linksOf(place);
  const known = new Set(specsOf<Entry>(place, 'neighbour').map(({ dev, to }) => `${dev} ${to}`));
  return there.neighbours
    .filter(({ permanent, dev, to }) => permanent && links.has(dev) && !known.has(`${dev} ${to}`))
    .map(({ dev, to, mac }) => ({
      ...{ netns, noun: 'neighbour', name: to, text: `${mac} on ${dev}` },
      remove: { do: 'neighbour.delete', netns, dev, to },
    }));
}
