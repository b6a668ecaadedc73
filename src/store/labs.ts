import { sameJson } from '../model/json.ts';
import type { Recorded } from '../model/kind.ts';
import type { State } from '../model/state.ts';
import type { Roots } from './roots.ts';
import { listLabs, readState, writeState } from './state.ts';

/** The other labs of this machine: the states of those whose state can be read, and why the others' cannot. */
export type Others = { readonly states: readonly State[]; readonly unreadable: readonly Unreadable[] };
export type Unreadable = { readonly lab: string; readonly why: string };

/** What is known of all labs of this machine but one. */
export function otherLabs(roots: Roots, lab: string | null): Others {
  const all = listLabs(roots)
    .filter((name) => name !== lab)
    .map((name) => readable(roots, name));
  return {
    states: all.flatMap((one) => (one && 'resources' in one ? one : [])),
    unreadable: all.flatMap((one) => (one && 'why' in one ? one : [])),
  };
}

function readable(roots: Roots, lab: string): State | Unreadable | null {
  try {
    return readState(roots, lab);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'E_STATE') return { lab, why: error.message };
    throw error;
  }
}

/** Ids that other labs record too; `all` when one of those cannot be read: it may hold any of these. */
export function heldByOthers(roots: Roots, lab: string, all: Iterable<string>): ReadonlySet<string> {
  const { states, unreadable } = otherLabs(roots, lab);
  const held = states.flatMap((state) => state.resources.map((resource) => resource.id));
  return new Set(unreadable.length > 0 ? [...held, ...all] : held);
}

/**
 * For things that several labs hold (a sysctl of the host): what was there before the leaving lab came is handed to those
 * that found the leaving lab's value there, so that the last one to go restores the machine's own. `leaving` is what
 * the lab recorded and lets go of. Writes the states of those labs.
 */
export function handOver(roots: Roots, lab: string, leaving: readonly Recorded[]): void {
  const gone = new Map(leaving.map((resource) => [resource.id, resource]));
  for (const state of otherLabs(roots, lab).states) {
    const resources = state.resources.map((held) => inherit(held, gone.get(held.id)));
    if (resources.some((held, i) => held !== state.resources[i])) writeState(roots, { ...state, resources });
  }
}

function inherit(held: Recorded, gone: Recorded | undefined): Recorded {
  const foundTheirs = gone && held.before !== null && sameJson(held.before, gone.spec);
  return foundTheirs && !sameJson(gone.before, held.before) ? { ...held, before: gone.before } : held;
}
