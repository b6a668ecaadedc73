import type { Json, Spec } from '../../model/json.ts';
import type { NftPart } from './part.ts';

/** The content of the lab's own table in one namespace. Under the name of each part stand the rules of that part. */
export type NftSpec = {
  readonly netns: string;
  readonly table: string;
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
