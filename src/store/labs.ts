import { sameJson } from '../model/json.ts';
import type { Recorded } from '../model/kind.ts';
import type { State } from '../model/state.ts';
import type { Roots } from './roots.ts';
import { listLabs, readState, writeState } from './state.ts';

/** The states of all labs of this machine but one. */
export const otherStates = (roots: Roots, lab: string): readonly State[] =>
  listLabs(roots)
    .filter((name) => name !== lab)
    .flatMap((name) => readState(roots, name) ?? []);

/** Ids that other labs record too. */
export const heldByOthers = (roots: Roots, lab: string): ReadonlySet<string> =>
  new Set(otherStates(roots, lab).flatMap((state) => state.resources.map((resource) => resource.id)));

/**
 * For things that several labs hold (a sysctl of the host): what was there before the leaving lab came is handed to those
 * that found the leaving lab's value there, so that the last one to go restores the machine's own. `leaving` is what
 * the lab recorded and lets go of. Writes the states of those labs.
 */
export function handOver(roots: Roots, lab: string, leaving: readonly Recorded[]): void {
  const gone = new Map(leaving.map((resource) => [resource.id, resource]));
  for (const state of otherStates(roots, lab)) {
    const resources = state.resources.map((held) => inherit(held, gone.get(held.id)));
    if (resources.some((held, i) => held !== state.resources[i])) writeState(roots, { ...state, resources });
  }
}

function inherit(held: Recorded, gone: Recorded | undefined): Recorded {
  const foundTheirs = gone && held.before !== null && sameJson(held.before, gone.spec);
  return foundTheirs && !sameJson(gone.before, held.before) ? { ...held, before: gone.before } : held;
}
