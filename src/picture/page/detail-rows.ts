import type { ResourceDetail } from '../model/annotated-picture.ts';
import { type DetailField, detailFields } from './detail-fields.ts';

/** A resource in the panel of the page: its fields as they are now and as they are wanted. */
export type PageDetail = Pick<ResourceDetail, 'id' | 'netns' | 'word' | 'lines' | 'source' | 'note'> & {
  /** The titles of the columns of values: two where now and wanted differ. */
  readonly columns: readonly string[];
  /** The name of a field, and its value in each column, a line for each entry of a list. */
  readonly rows: readonly (readonly [name: string, ...values: (readonly string[])[]])[];
  /** How many fields are as wanted, and not in `rows`. */
  readonly unchanged: number;
};

/** The fields of a resource that a reader needs: those that differ, or else all that are not defaults. */
export function pageDetail({ id, netns, word, lines, source, note, found, wanted }: ResourceDetail): PageDetail {
  const about = { id, netns, word, lines, source, note };
  const isCompared = found !== undefined && JSON.stringify(found) !== JSON.stringify(wanted);
  if (!isCompared) {
    const rows = detailFields(wanted ?? found ?? null).filter(({ isDefault }) => !isDefault);
    const columns = [found === undefined ? 'wanted' : 'now, as wanted'];
    return { ...about, columns, rows: rows.map(({ name, lines }) => [name, lines]), unchanged: 0 };
  }
  const columns = ['now', 'wanted'];
  const [now, then] = [fieldsByName(detailFields(found)), fieldsByName(detailFields(wanted))];
  const names = [...new Set([...now.keys(), ...then.keys()])];
  const isWhole = now.size === 0 || then.size === 0;
  const shown = names.filter((name) => {
    const [one, other] = [now.get(name), then.get(name)];
    if (isWhole) return !(one ?? other)?.isDefault;
    return JSON.stringify(one?.lines) !== JSON.stringify(other?.lines);
  });
  const rows = shown.map((name) => {
    const [before = [], after = []] = [now.get(name)?.lines, then.get(name)?.lines];
    return [name, ownLines(before, after), ownLines(after, before)] as const;
  });
  const kept = names.filter((name) => !shown.includes(name) && !now.get(name)?.isDefault);
  return { ...about, columns, rows, unchanged: isWhole ? 0 : kept.length };
}

const fieldsByName = (fields: readonly DetailField[]): ReadonlyMap<string, DetailField> =>
  new Map(fields.map((field) => [field.name, field]));

/** The lines that the other side has not; a single line as it is. */
function ownLines(lines: readonly string[], other: readonly string[]): readonly string[] {
  if (lines.length < 2 && other.length < 2) return lines;
  const known = new Set(other);
  return lines.filter((line) => !known.has(line));
}
