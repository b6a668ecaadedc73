import { EXIT, netformError } from '../../model/error.ts';
import type { ForgetScope } from '../../model/results/forget-scope.ts';
import type { State } from '../../model/state.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { transferPriorValues } from '../../store/shared-resources.ts';
import { readState, removeState, writeState } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import { withLockedMachine } from '../host-session.ts';
import { recoverAll } from '../recovery/recover-all.ts';
import { resolveLabName } from '../resolve/lab.ts';
import { warnEnabled } from '../run/warnings.ts';
import type { Session } from '../session.ts';

/** What to forget: a lab, or one resource of it. */
export type ForgetRequest = {
  readonly target: string | null;
  /** The id of one resource; null: the whole lab. */
  readonly resource: string | null;
  readonly agree: (about: ForgetScope) => Promise<boolean>;
  readonly lockTimeoutMs: number;
};

/** `absent`: there was no such lab. */
export type LabForgetResult = ForgetScope & { readonly status: 'done' | 'declined' | 'absent' };

/**
 * Takes a lab, or one object of it, out of what netform knows. Nothing else changes: what is there stays, with its mark.
 * What other labs hold too is theirs from now on.
 */
export const forgetLab = (session: Session, request: ForgetRequest): Promise<LabForgetResult> => {
  const { target, resource, agree, lockTimeoutMs: timeoutMs } = request;
  const lock = { command: `forget ${target ?? ''}`.trim(), timeoutMs };
  return withLockedMachine(session, lock, async (opened): Promise<LabForgetResult> => {
    const { store } = opened;
    await recoverAll(opened);
    const lab = resolveLabName(store, target);
    const state = tryReadState(store, lab);
    if (state === null) return { lab, ids: [], whole: true, status: 'absent' };
    const all = state === 'unreadable' ? null : state.resources.map(({ id }) => id);
    if (resource !== null) requireResource(all, { lab, resource });
    const ids = resource === null ? all : [resource];
    const about = { lab, ids, whole: resource === null };
    if (!(await agree(about))) return { ...about, status: 'declined' };
    releaseResources(store, { lab, state: state === 'unreadable' ? null : state, ids: new Set(ids) });
    if (about.whole) warnEnabled(opened, lab);
    return { ...about, status: 'done' };
  });
};

function tryReadState(store: Store, lab: string): State | 'unreadable' | null {
  try {
    return readState(store, lab);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'E_STATE') return 'unreadable';
    throw error;
  }
}

type ForgetTarget = { readonly lab: string; readonly resource: string };

function requireResource(ids: readonly string[] | null, { lab, resource }: ForgetTarget): void {
  if (ids?.includes(resource)) return;
  const meant = closestMatch(resource, ids ?? []);
  throw netformError('E_NO_RESOURCE', EXIT.usage, `the lab ${lab} has no ${resource}`, {
    hint: meant === null ? `netform show ${lab} --json has the ids` : `did you mean ${meant}?`,
  });
}

type Release = { readonly lab: string; readonly state: State | null; readonly ids: ReadonlySet<string> };

function releaseResources(store: Store, { lab, state, ids }: Release): void {
  const kept = state?.resources.filter(({ id }) => !ids.has(id)) ?? [];
  transferPriorValues(store, lab, state?.resources.filter(({ id }) => ids.has(id)) ?? []);
  if (state === null || kept.length === 0) removeState(store, lab);
  else writeState(store, { ...state, resources: kept });
}
