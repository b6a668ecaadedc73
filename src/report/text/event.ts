import type { Json } from '../../model/json.ts';
import type { MonitorEvent, MonitorObject } from '../../model/kernel/monitor-event.ts';
import { escapeControl } from '../../model/values/escape-control.ts';

/** A change of a lab. `owner` null: the object is in no lab. `byNetform`: a run of netform may have made the change. */
export type EventTextInput = {
  readonly change: MonitorEvent;
  readonly owner: object | null;
  readonly byNetform: boolean;
  /** ISO 8601. */
  readonly time: string;
};

/** One change as a line for a person, in local time: `14:06:34  bob       eth0 down, by hand`. */
export function eventText({ change, owner, byNetform, time }: EventTextInput): string {
  const isForeign = 'thing' in change && owner === null;
  const isSignal = change.event === 'changed' && isSignalChange(change.before, change.thing.facts);
  const isByHand = owner !== null && !byNetform && !isSignal && change.event !== 'watched';
  const remark = isForeign ? ', unmanaged' : isByHand ? ', by hand' : '';
  const line = `${localTime(time)}  ${change.netns.padEnd(NAMESPACE_WIDTH)}  ${changeText(change)}${remark}`;
  return `${escapeControl(line)}\n`;
}

const NAMESPACE_WIDTH = 8;

function localTime(time: string): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => `${part}`.padStart(2, '0')).join(':');
}

function changeText(change: MonitorEvent): string {
  switch (change.event) {
    case 'watched':
      return 'namespace watched';
    case 'gone':
      return 'namespace deleted';
    case 'lost':
      return 'too many changes at once; what follows comes from reading everything again';
    case 'changed':
      return `${objectText(change.thing)} ${factsText(change.thing, change.before)}`;
    default:
      return `${objectText(change.thing)} ${change.event}`;
  }
}

type EventFacts = MonitorObject['facts'];

function objectText({ what, name, dev, route, facts }: MonitorObject): string {
  if (route === null) return dev === null || dev === name ? name : `${dev} ${name}`;
  const to = route.to === '::/0' ? `${name.replace('::/0', 'default')} (IPv6)` : name;
  return [what, to, waysText(facts), facts['table'] === 'main' ? '' : `table ${facts['table']}`]
    .filter(Boolean)
    .join(' ');
}

const waysText = ({ type, ways }: EventFacts): string =>
  Array.isArray(ways) && ways.length > 0 ? ways.join(' and ') : String(type);

/** `down`, `mtu 1500 → 1400, joins lan`: what is different, and of a link that goes up or down nothing about its signal. */
function factsText({ route, facts }: MonitorObject, before: EventFacts): string {
  const changed = Object.keys(facts).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(facts[key]));
  if (route !== null) return `replaces ${waysText(before)}`;
  return changed
    .filter((key) => key !== 'carrier' || !changed.includes('up'))
    .map((key) => factText(key, before[key] ?? null, facts[key] ?? null))
    .join(', ');
}

function factText(key: string, before: Json, after: Json): string {
  if (key === 'up') return after === true ? 'up' : 'down';
  if (key === 'carrier') return after === true ? 'has a signal' : 'has no signal';
  if (key === 'duplicate') return after === true ? 'is used by another machine too' : 'is not used by another machine';
  if (key === 'master') return after === null ? `leaves ${String(before)}` : `joins ${String(after)}`;
  return `${key} ${String(before)} → ${String(after)}`;
}

/** The signal of a link follows from the other end of its cable. */
const isSignalChange = (before: EventFacts, after: EventFacts): boolean =>
  Object.keys(after).every((key) => key === 'carrier' || JSON.stringify(before[key]) === JSON.stringify(after[key]));
