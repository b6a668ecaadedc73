import type { Extra, PlaceOfExtras } from '../../model/kind.ts';
import { specsOf } from '../known.ts';
import type { NftSpec } from './spec.ts';

/** Tables that are not the lab's. */
export function extraTables(place: PlaceOfExtras): readonly Extra[] {
  const { netns, tables } = place;
  const known = new Set(specsOf<NftSpec>(place, 'nft').map(({ table }) => `inet ${table}`));
  return tables
    .filter((name) => !known.has(name))
    .map((name) => {
      const [family = '', table = ''] = name.split(' ');
      return {
        ...{ netns, noun: 'table', name, text: '' },
        remove: { do: 'nft.delete', netns, table, family },
      };
    });
}
