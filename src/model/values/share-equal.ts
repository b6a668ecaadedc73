import type { Json } from '../json.ts';

/** Gives for each value the first one that was equal, so that many resources hold one JavaScript object. The order of keys counts. */
export function shareEqual<T extends Json>(): (value: T) => T {
  const first = new Map<string, T>();
  return (value) => {
    const text = JSON.stringify(value);
    const known = first.get(text) ?? value;
    first.set(text, known);
    return known;
  };
}
