import type { Json, Spec } from '../../model/json.ts';
import type { NftPart } from './part.ts';

/** The content of the lab's own table in one namespace. Under the name of each part stand the rules of that part. */
export type NftSpec = {
  readonly netns: string;
  readonly table: string;
  /** Left out: inet. */
  readonly family?: 'bridge';
  /** Lines that the live table has (`+ …`) or lacks (`- …`) against these rules. Empty in what is wanted. */
  readonly altered: readonly string[];
  /** Unmanaged rules do the same, and it is left to them. */
  readonly byOthers?: true;
  /** Of an altered one: the whole table, as nft lists it and reads it back. */
  readonly listing?: string;
  readonly [part: string]: Json;
};

/** The rules of one part; empty where the spec has none. */
export const rulesOfPart = (spec: NftSpec | null, { name }: NftPart): readonly Spec[] =>
  (spec?.[name] as readonly Spec[] | undefined) ?? [];

/** How the machine is asked for the table of a spec. */
export const tableKey = ({ table, family }: Pick<NftSpec, 'table' | 'family'>): string =>
  family === undefined ? table : `${family} ${table}`;

/** For spreading into instructions: only where it is another than inet. */
export const familyOfTable = ({ family }: Pick<NftSpec, 'family'>): { readonly family?: 'bridge' } =>
  family === undefined ? {} : { family };
