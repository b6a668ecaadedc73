import type { Diagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { findSpan, type Span, type SpanTree } from '../../locate.ts';

/** The diagnostic with offsets for its places: paths change when lists are joined. */
export function atOffsets(text: string, spans: SpanTree | null, one: Diagnostic): Diagnostic {
  const place = (at: NonNullable<Diagnostic['at']>) => ('path' in at ? toSpan(findSpan(text, spans, at)) : at);
  return {
    ...one,
    at: one.at && place(one.at),
    related: one.related.map(({ at, message }) => ({ at: place(at), message })),
  };
}

const toSpan = ({ start, end }: Span): Span => ({ start, end });

/** The diagnostic of a text that begins at the offset `by` of another. One without a place is at its beginning. */
export const shifted = (one: Diagnostic, by: number): Diagnostic => {
  const place = (at: NonNullable<Diagnostic['at']>) =>
    'path' in at ? { start: by, end: by } : { start: at.start + by, end: at.end + by };
  return {
    ...one,
    at: place(one.at ?? { start: 0, end: 0 }),
    related: one.related.map(({ at, message }) => ({ at: place(at), message })),
  };
};

/** The offsets of a text that begins at the offset `by` of another. */
export const shiftedSpans = ({ start, end, key, form, children }: SpanTree, by: number): SpanTree => ({
  start: start + by,
  end: end + by,
  key: key && { start: key.start + by, end: key.end + by },
  form,
  children: new Map([...children].map(([step, inner]) => [step, shiftedSpans(inner, by)])),
});
