import { unknownText } from '../../model/kernel/unknown-attribute.ts';
import { type ImportModel, netnsDisplayName } from '../model.ts';
import type { JsonMap } from '../result.ts';

/** The permanent neighbour entries on imported links. */
export const importNeighbours = (found: ImportModel, netns: string, links: ReadonlySet<string>): readonly JsonMap[] =>
  (found.inventory.live.get({ need: 'neighbours', netns }) ?? [])
    .filter(({ permanent, unknown, dev }) => (permanent || unknown) && links.has(dev))
    .flatMap((neighbour) => {
      const { to, mac, dev } = neighbour;
      if (!neighbour.unknown) return [{ to, mac, dev }];
      found.unknown(`neighbour ${to} on ${dev} of ${netnsDisplayName(netns)}: ${unknownText(neighbour)}`);
      return [];
    });
