import type { Outcome } from './batch.ts';
import type { Property } from './property.ts';

export type Row = Outcome & { readonly property: Property; readonly seed: number; readonly seconds: number };

/** One row for a terminal. */
export function rowText({ property, runs, points, failures, seed, seconds }: Row): string {
  const looked = points === runs ? '' : ` (${points} points)`;
  return `${failures.length === 0 ? 'ok    ' : 'FAILED'} ${property.name}: ${runs} ${property.unit}${looked}, ${failures.length} failed, seed ${seed}, ${seconds.toFixed(0)} s`;
}

type About = { readonly started: Date; readonly commit: string; readonly scale: number };

/** The page of a campaign. */
export function page(rows: readonly Row[], { started, commit, scale }: About): string {
  const lines = rows.map(({ property, runs, points, failures, seed, seconds }) =>
    [property.title, `${runs} ${property.unit}`, points, failures.length, seed, Math.round(seconds)].join(' | '),
  );
  const failed = rows.flatMap(({ property, failures }) =>
    failures.map(({ seed }) => `- \`npm run campaign -- --only ${property.name} --seed ${seed} --runs 1\``),
  );
  return `# The campaign

Written by \`npm run campaign -- --scale ${scale}\` on ${started.toISOString().slice(0, 10)}, of commit ${commit}. Every run has a seed; the
first is in the table, the next ones count up. \`npm test\` runs the same properties with smaller counts.

| property | runs | points looked at | failures | first seed | seconds |
|---|---|---|---|---|---|
${lines.map((line) => `| ${line} |`).join('\n')}
${failed.length === 0 ? '' : `\n## What failed\n\n${failed.join('\n')}\n`}`;
}
