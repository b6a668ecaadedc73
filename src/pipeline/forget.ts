import { EXIT, netformError } from '../model/error.ts';
import type { State } from '../model/state.ts';
import { closest } from '../net/suggest.ts';
import type { Forgotten } from '../report/forgetting.ts';
import { handOver } from '../store/labs.ts';
import { ROOTS } from '../store/roots.ts';
import { readState, removeState, writeState } from '../store/state.ts';
import { recoverFirst, type Tell } from './first.ts';
import { aloneOnMachine } from './session.ts';
import { labMeant } from './target.ts';

export type Forget = {
  readonly target: string | null;
  /** The id of one resource; null: the whole lab. */
  readonly resource: string | null;
  readonly agree: (about: Forgotten) => Promise<boolean>;
  readonly lockTimeoutMs: number;
  readonly tell: Tell;
};

/** `absent`: there was no such lab. */
export type Forgetting = Forgotten & { readonly status: 'done' | 'declined' | 'absent' };

/**
 * Takes a lab, or one object of it, out of what netform knows. Nothing else changes: what is there stays, with its mark.
 * What other labs hold too is theirs from now on.
 */
export const forget = ({ target, resource, agree, lockTimeoutMs, tell }: Forget): Promise<Forgetting> =>
  aloneOnMachine({ command: `forget ${target ?? ''}`.trim(), timeoutMs: lockTimeoutMs }, async (machine) => {
    await recoverFirst(machine, tell);
    const lab = labMeant(target);
    const state = stateOf(lab);
    if (state === null) return { lab, ids: [], whole: true, status: 'absent' };
    const all = state === 'unreadable' ? null : state.resources.map(({ id }) => id);
    if (resource !== null) requireOneOf(all, { lab, resource });
    const ids = resource === null ? all : [resource];
    const about = { lab, ids, whole: resource === null };
    if (!(await agree(about))) return { ...about, status: 'declined' };
    letGo(lab, state === 'unreadable' ? null : state, new Set(ids));
    return { ...about, status: 'done' };
  });

function stateOf(lab: string): State | 'unreadable' | null {
  try {
    return readState(ROOTS, lab);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'E_STATE') return 'unreadable';
    throw error;
  }
}

type One = { readonly lab: string; readonly resource: string };

function requireOneOf(ids: readonly string[] | null, { lab, resource }: One): void {
  if (ids?.includes(resource)) return;
  const meant = closest(resource, ids ?? []);
  throw netformError('E_NO_RESOURCE', EXIT.usage, `the lab ${lab} has no ${resource}`, {
    hint: meant === null ? `netform show ${lab} --json has the ids` : `did you mean ${meant}?`,
  });
}

function letGo(lab: string, state: State | null, ids: ReadonlySet<string>): void {
  const kept = state?.resources.filter(({ id }) => !ids.has(id)) ?? [];
  handOver(ROOTS, lab, state?.resources.filter(({ id }) => ids.has(id)) ?? []);
  if (state === null || kept.length === 0) removeState(ROOTS, lab);
  else writeState(ROOTS, { ...state, resources: kept });
}
