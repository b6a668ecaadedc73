import type { Diagnostic } from '../model/diagnostic.ts';
import type { Report } from './world.ts';

/** Collects mistakes; one that is found on several ways (a name that every namespace uses) is kept once. */
export function collector(): { readonly report: Report; readonly problems: () => readonly Diagnostic[] } {
  const found = new Map<string, Diagnostic>();
  return {
    report: (problem) => {
      const key = JSON.stringify([problem.check, problem.at, problem.message]);
      if (!found.has(key)) found.set(key, problem);
    },
    problems: () => [...found.values()],
  };
}
