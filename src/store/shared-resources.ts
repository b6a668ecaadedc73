import { sameJson } from '../model/json.ts';
import type { StateEntry } from '../model/kind.ts';
import type { State } from '../model/state.ts';
import { listStates, readState, writeState } from './state.ts';
import type { Store } from './store.ts';

/** The other labs of this machine: the states of those whose state can be read, and why the others' cannot. */
export type OtherLabs = { readonly states: readonly State[]; readonly unreadable: readonly UnreadableLab[] };

/** A lab with a state that cannot be read, and why. */
export type UnreadableLab = { readonly lab: string; readonly why: string };

/** The states and journals of all labs of this machine but one. */
export function readOtherLabs(store: Store, lab: string | null): OtherLabs {
  const all = listStates(store)
    .filter((name) => name !== lab)
    .map((name) => readOtherLab(store, name));
  return {
    states: all.flatMap((one) => (one && 'resources' in one ? one : [])),
    unreadable: all.flatMap((one) => (one && 'why' in one ? one : [])),
  };
}

function readOtherLab(store: Store, lab: string): State | UnreadableLab | null {
  try {
    return readState(store, lab);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'E_STATE') return { lab, why: error.message };
    throw error;
  }
}

/** Ids that other labs record too; `all` when one of those cannot be read: it may hold any of these. */
export function findSharedIds(store: Store, lab: string, all: Iterable<string>): ReadonlySet<string> {
  const { states, unreadable } = readOtherLabs(store, lab);
  const held = states.flatMap((state) => state.resources.map((resource) => resource.id));
  return new Set(unreadable.length > 0 ? [...held, ...all] : held);
}

/**
 * For things that several labs hold (a sysctl of the host): what was there before the leaving lab came is handed to those
 * that found the leaving lab's value there, so that the last one to go restores the machine's own. `leaving` is what
 * the lab recorded and lets go of. Writes the states of those labs.
 */
export function transferPriorValues(store: Store, lab: string, leaving: readonly StateEntry[]): void {
  const gone = new Map(leaving.map((resource) => [resource.id, resource]));
  for (const state of readOtherLabs(store, lab).states) {
    const resources = state.resources.map((held) => inheritPriorValue(held, gone.get(held.id)));
    if (resources.some((held, i) => held !== state.resources[i])) writeState(store, { ...state, resources });
  }
}

function inheritPriorValue(held: StateEntry, gone: StateEntry | undefined): StateEntry {
  const foundTheirs = gone && held.before !== null && sameJson(held.before, gone.spec);
  if (!foundTheirs || sameJson(gone.before, held.before)) return held;
  const uses = gone.priorUses ? { priorUses: gone.priorUses } : {};
  return { ...held, before: gone.before, ...uses };
}
