import type { Json } from '../../model/json.ts';
import type { FieldChange } from '../../model/operation.ts';
import type { ChangeStatus, Picture } from './picture.ts';

/** A picture with all that can be told about its parts. */
export type AnnotatedPicture = {
  readonly picture: Picture;
  /** What is written above it. */
  readonly title: string;
  readonly subtitle: string;
  readonly details: readonly ResourceDetail[];
  /** What is in the lab's namespaces and not from the file. */
  readonly extras: readonly { readonly netns: string; readonly text: string }[];
};

/** One resource. */
export type ResourceDetail = {
  readonly id: string;
  readonly kind: string;
  readonly netns: string;
  readonly word: ChangeStatus | null;
  /** What there is to say of a change, in a line each. */
  readonly lines: readonly string[];
  /** Where it comes from in the file; null: nobody wrote it there, or it is not there any more. */
  readonly source: { readonly line: number; readonly text: string } | null;
  readonly note: string | null;
  /** What it shall be; null: it goes. */
  readonly wanted: Json;
  /** What there is; null: nothing. Left out: nobody looked. */
  readonly found?: Json;
  readonly changes: readonly FieldChange[];
};
