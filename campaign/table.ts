import type { BatchResult } from './batch.ts';
import { properties } from './properties/index.ts';
import type { Property } from './property.ts';

export type ResultRow = BatchResult & { readonly property: Property; readonly seed: number; readonly seconds: number };

/** A row as it is kept: `docs/campaign.json` is a list of them, `docs/campaign.md` is made of that. */
export type StoredRow = {
  readonly name: string;
  readonly runs: number;
  readonly points: number;
  /** The seeds of the runs that failed. */
  readonly failures: readonly number[];
  readonly seed: number;
  readonly seconds: number;
  /** When it began: `2026-11-20`. */
  readonly date: string;
  readonly commit: string;
};

/** One row for a terminal. */
export function rowText({ property, runs, points, failures, seed, seconds }: ResultRow): string {
  const looked = points === runs ? '' : ` (${points} points)`;
  return `${failures.length === 0 ? 'ok    ' : 'FAILED'} ${property.name}: ${runs} ${property.unit}${looked}, ${failures.length} failed, seed ${seed}, ${seconds.toFixed(0)} s`;
}

/** The rows that were kept, with this one in the place of the older one of its property. */
export const withRow = (
  kept: readonly StoredRow[],
  { property, runs, points, failures, seed, seconds }: ResultRow,
  { date, commit }: { readonly date: string; readonly commit: string },
): readonly StoredRow[] => [
  ...kept.filter(({ name }) => name !== property.name),
  {
    name: property.name,
    ...{ runs, points, failures: failures.map((one) => one.seed), seed, seconds: Math.round(seconds), date, commit },
  },
];

/** The page of a campaign. */
export function page(kept: readonly StoredRow[]): string {
  const rows = properties.flatMap((property) =>
    kept.filter(({ name }) => name === property.name).map((one) => ({ ...one, property })),
  );
  const lines = rows.map(({ property, runs, points, failures, seed, seconds, date, commit }) =>
    [
      property.title,
      `${withCommas(runs)} ${property.unit}`,
      withCommas(property.inCampaign),
      withCommas(points),
      failures.length,
      ...[seed, seconds, date, commit],
    ].join(' | '),
  );
  const failed = rows.flatMap(({ name, failures }) =>
    failures.map((seed) => `- \`npm run campaign -- --only ${name} --seed ${seed} --runs 1\``),
  );
  return `# The campaign

Written by \`npm run campaign\` (\`--scale 0.1\` runs a tenth of the whole). Every run has a seed; the first is in the table,
the next ones count up. A point is a place that was looked at: an instruction that failed, a packet, an input. A row that
is run again replaces the older one. \`npm test\` runs the same properties with smaller counts.

| property | runs | of | points | failures | first seed | seconds | date | commit |
|---|---|---|---|---|---|---|---|---|
${lines.map((line) => `| ${line} |`).join('\n')}
${failed.length === 0 ? '' : `\n## What failed\n\n${failed.join('\n')}\n`}`;
}

const withCommas = (count: number): string => count.toLocaleString('en');
