import type { Json } from '../model/json.ts';
import type { Change } from '../model/operation.ts';
import type { Picture, Word } from './picture.ts';

/** A picture with all that can be told about its parts. */
export type Drawing = {
  readonly picture: Picture;
  /** What is written above it. */
  readonly title: string;
  readonly subtitle: string;
  readonly details: readonly Detail[];
  /** What is in the lab's namespaces and not from the file. */
  readonly extras: readonly { readonly netns: string; readonly text: string }[];
};

/** One resource. */
export type Detail = {
  readonly id: string;
  readonly kind: string;
  readonly netns: string;
  readonly word: Word | null;
  /** What there is to say of a change, in a line each. */
  readonly lines: readonly string[];
  /** Where it comes from in the file; null: nobody wrote it there, or it is not there any more. */
  readonly source: { readonly line: number; readonly text: string } | null;
  readonly note: string | null;
  /** What it shall be; null: it goes. */
  readonly wanted: Json;
  /** What there is; null: nothing. Left out: nobody looked. */
  readonly found?: Json;
  readonly changes: readonly Change[];
};
