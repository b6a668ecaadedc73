import type { ManagedNetns, UnmanagedObject } from '../../model/kind.ts';
import { managedSpecs } from '../managed-netns.ts';
import type { NftSpec } from './spec.ts';

/** Tables that are not the lab's. */
export function findUnmanagedTables(place: ManagedNetns): readonly UnmanagedObject[] {
  const { netns, tables } = place;
  const known = new Set(managedSpecs<NftSpec>(place, 'nft').map(({ table }) => `inet ${table}`));
  const ports = new Set(managedSpecs<NftSpec>(place, 'nft-bridge').map(({ table }) => `bridge ${table}`));
  const impaired = new Set(managedSpecs<{ readonly dev: string }>(place, 'qdisc').map(({ dev }) => dev));
  return tables
    .filter(
      (name) =>
        !known.has(name) && !ports.has(name) && !impaired.has(/^netdev netform_[^/]+\/(.+)$/.exec(name)?.[1] ?? ''),
    )
    .map((name) => {
      const [family = '', table = ''] = name.split(' ');
      return {
        netns,
        noun: 'table',
        name,
        text: '',
        remove: { do: 'nft.delete', netns, table, family },
      };
    });
}
