import type { Json } from '../../model/json.ts';
import type { FieldChange } from '../../model/operation.ts';
import type { ChangeStatus, Picture } from './picture.ts';

/** A picture with the details of its parts. */
export type AnnotatedPicture = {
  readonly picture: Picture;
  /** The heading. */
  readonly title: string;
  /** One line: what is drawn, and how it compares with this machine. */
  readonly summary: string;
  /** The summary, and when and from which file a lab was applied. */
  readonly subtitle: string;
  readonly details: readonly ResourceDetail[];
  /** Unmanaged objects in the lab's namespaces. */
  readonly extras: readonly { readonly netns: string; readonly text: string }[];
};

/** One resource. */
export type ResourceDetail = {
  readonly id: string;
  readonly kind: string;
  readonly netns: string;
  readonly word: ChangeStatus | null;
  /** What changes, one line each. */
  readonly lines: readonly string[];
  /** Where the file defines it; null: it is implied, or not in the file any more. */
  readonly source: { readonly line: number; readonly text: string } | null;
  readonly note: string | null;
  /** The planned state; null: it is deleted. */
  readonly wanted: Json;
  /** The state of now; null: it does not exist. Left out: it was not read. */
  readonly found?: Json;
  readonly changes: readonly FieldChange[];
};
