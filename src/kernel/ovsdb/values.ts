import type { OvsVlans } from '../../model/kernel/ovs-live.ts';
import type { OvsdbRow, OvsdbValue } from './rpc.ts';

/** A set (RFC 7047, 5.1): a set of one is written as the value alone. */
export const setOf = (values: readonly OvsdbValue[]): OvsdbValue => ['set', values];

/** A map of texts. */
export const mapOf = (entries: { readonly [key: string]: string }): OvsdbValue => ['map', Object.entries(entries)];

/** The values of a column that is a set. */
export function valuesOf(value: OvsdbValue | undefined): readonly OvsdbValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) && value[0] === 'set' ? (value[1] as readonly OvsdbValue[]) : [value];
}

/** The entries of a column that is a map. */
export function entriesOf(value: OvsdbValue | undefined): ReadonlyMap<string, string> {
  const pairs = Array.isArray(value) && value[0] === 'map' ? (value[1] as readonly (readonly OvsdbValue[])[]) : [];
  return new Map(pairs.map(([key, one]) => [String(key), String(one)]));
}

/** The identity of a row, as text. */
export const uuidOf = (value: OvsdbValue | undefined): string =>
  Array.isArray(value) && value[0] === 'uuid' ? String(value[1]) : '';

/** The columns of a port that say its VLANs (ovs-vswitchd.conf.db(5), Port). */
export const vlanColumns = ({ tag, trunks, mode }: OvsVlans): OvsdbRow => ({
  tag: setOf(tag === null ? [] : [tag]),
  trunks: setOf(trunks),
  vlan_mode: setOf(mode === '' ? [] : [mode]),
});

/** The VLANs that the columns of a port say. */
export function vlansOfRow(row: OvsdbRow): OvsVlans {
  const [tag] = valuesOf(row['tag']);
  const [mode] = valuesOf(row['vlan_mode']);
  return {
    tag: tag === undefined ? null : Number(tag),
    trunks: valuesOf(row['trunks'])
      .map(Number)
      .toSorted((a, b) => a - b),
    mode: (mode ?? '') as OvsVlans['mode'],
  };
}
