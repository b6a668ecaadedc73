import type { PageDetail } from '../detail-rows.ts';
import type { PagePart } from '../page-parts.ts';

/** The facts that the server side of the page writes into its `data` element. `statuses`: how the page writes each change status. */
export type BrowserPageData = {
  readonly parts: readonly PagePart[];
  readonly details: readonly PageDetail[];
  readonly extras: readonly { readonly netns: string; readonly text: string }[];
  readonly statuses: { readonly [word: string]: string };
};

/** Reads the `data` element's text, in which a list that occurs several times stands once (see dedupe-json.ts). */
export function readPageData(text: string): BrowserPageData {
  const { lists } = JSON.parse(text);
  return JSON.parse(text, (_, one) => (one?.['='] === undefined ? one : lists[one['=']])).value;
}
