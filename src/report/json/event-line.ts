import type { Json } from '../../model/json.ts';
import type { MonitorEvent } from '../../model/kernel/monitor-event.ts';

type EventLineInput = {
  readonly change: MonitorEvent;
  readonly owner: { readonly lab: string; readonly id: string } | null;
  readonly lab: string | null;
  readonly time: string;
};

/** One change as a line of JSON. `id` null and `foreign` true: the object is in no lab. */
export const eventLine = (heard: EventLineInput): string => `${JSON.stringify(eventJson(heard))}\n`;

function eventJson({ change, owner, lab, time }: EventLineInput): Json {
  const about = { version: 1, time, lab, namespace: change.netns, event: change.event, id: owner?.id ?? null };
  if (!('thing' in change)) return about;
  const { what, name, dev, facts } = change.thing;
  return {
    ...about,
    foreign: owner === null,
    what,
    name,
    ...(dev === null || dev === name ? {} : { dev }),
    facts,
    ...(change.event === 'changed' ? { changes: diffEventFacts(change.before, facts) } : {}),
  };
}

type EventLineFacts = { readonly [key: string]: Json };

const diffEventFacts = (before: EventLineFacts, after: EventLineFacts): Json =>
  Object.fromEntries(
    Object.keys(after)
      .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
      .map((key) => [key, [before[key] ?? null, after[key] ?? null]]),
  );
