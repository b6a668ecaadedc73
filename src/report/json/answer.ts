import type { Json } from '../../model/json.ts';

/** What every `--json` answer has: a version, and whether the command succeeded. */
export type JsonAnswer = { readonly version: 1; readonly ok: boolean; readonly [key: string]: Json };

/** An answer with its version; keys keep their meaning within a version, and keys may be added. */
export const jsonAnswer = (ok: boolean, content: { readonly [key: string]: Json }): JsonAnswer => ({
  version: 1,
  ok,
  ...content,
});

/** An answer as one line, for commands that print several. */
export const jsonLine = (content: { readonly [key: string]: Json }): string =>
  `${JSON.stringify(jsonAnswer(true, content))}\n`;

/** A JSON document, indented by two spaces, with a newline at the end. */
export const jsonText = (value: Json): string => `${JSON.stringify(value, null, 2)}\n`;
