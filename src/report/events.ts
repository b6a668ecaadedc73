import type { Change } from '../model/change.ts';
import type { Json } from '../model/json.ts';

type Heard = {
  readonly change: Change;
  readonly owner: { readonly lab: string; readonly id: string } | null;
  readonly lab: string | null;
  readonly time: string;
};

/** One change as a line of JSON. `id` null, `foreign` true: no lab has it in its file. */
export const eventLine = (heard: Heard): string => `${JSON.stringify(eventJson(heard))}\n`;

function eventJson({ change, owner, lab, time }: Heard): Json {
  const about = { version: 1, time, lab, namespace: change.netns, event: change.event, id: owner?.id ?? null };
  if (!('thing' in change)) return about;
  const { what, name, dev, facts } = change.thing;
  return {
    ...{ ...about, foreign: owner === null, what, name },
    ...(dev === null || dev === name ? {} : { dev }),
    facts,
    ...(change.event === 'changed' ? { changes: changesBetween(change.before, facts) } : {}),
  };
}

type Facts = { readonly [key: string]: Json };

const changesBetween = (before: Facts, after: Facts): Json =>
  Object.fromEntries(
    Object.keys(after)
      .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
      .map((key) => [key, [before[key] ?? null, after[key] ?? null]]),
  );
