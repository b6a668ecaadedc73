import { setTimeout } from 'node:timers/promises';
import { openKernelMonitor } from '../../kernel/monitor/monitor.ts';
import { openKernelWatcher } from '../../kernel/monitor/watcher.ts';
import type { MonitorEvent } from '../../model/kernel/monitor-event.ts';
import { labOfMark } from '../../model/kind.ts';
import type { LabView } from '../../model/results/lab-view.ts';
import { linkKinds } from '../../registry/kinds.ts';
import { isRunRecent } from '../../store/lock.ts';
import { readState } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import { withMachine } from '../host-session.ts';
import { resolveLabName } from '../resolve/lab.ts';
import { onSignals } from '../run/signals.ts';
import type { Session } from '../session.ts';
import { compareWithState } from './drift.ts';
import { buildOwnershipIndex, type OwnershipIndex, type ResourceOwner } from './ownership-index.ts';

/** The kernel's queues are looked at so often: no call here may wait, for that would stop the whole program. */
const POLL_MS = 50;
/** A run ends before the last of its changes is heard of. */
const RUN_ECHO_MS = 1000;

/**
 * A change, whose it is, when it was heard of (ISO 8601), and whether a run of netform may have made it. `owner` null: it is
 * foreign.
 */
export type LabChangeEvent = {
  readonly change: MonitorEvent;
  readonly owner: ResourceOwner | null;
  readonly lab: string | null;
  readonly time: string;
  readonly byNetform: boolean;
};

type FollowOptions = { readonly target: string | null; readonly take: (heard: readonly LabChangeEvent[]) => boolean };

/**
 * Hands on what changes of a lab, or of all (null), until INT, TERM or HUP comes, or `take` returns false: in
 * the labs' namespaces everything, of the host what is a lab's.
 */
export const followEvents = (session: Session, { target, take }: FollowOptions): Promise<void> =>
  withMachine(session, async ({ store }) => {
    const wanted = target === null ? null : resolveLabName(store, target);
    await pollUntilStopped(store, wanted, (heard) => heard.length === 0 || take(heard));
  });

type FollowViewOptions = {
  readonly target: string | null;
  readonly take: (view: LabView) => boolean;
};

/** Hands on a lab as it is, and again whenever that has changed; ends as `follow` does, or when the lab is deleted. */
export const followLabView = (session: Session, { target, take }: FollowViewOptions): Promise<void> =>
  withMachine(session, async (opened) => {
    const { store, progress } = opened;
    const lab = resolveLabName(store, target);
    const watcher = openKernelWatcher(linkKinds);
    const watched = { ...opened, machine: { ...opened.machine, read: watcher.read } };
    let shown = '';
    try {
      await everyPoll(() => {
        if (shown !== '' && !watcher.isTouched()) return true;
        const state = readState(store, lab);
        if (state === null) {
          progress.warn(`the lab ${lab} is not on this machine${shown === '' ? '' : ' any more'}`);
          return false;
        }
        const view = compareWithState(watched, state);
        const now = JSON.stringify(view);
        if (now === shown) return true;
        shown = now;
        return take(view);
      });
    } finally {
      watcher.close();
    }
  });

/** Calls `look` again and again until INT, TERM or HUP comes, or it returns false. */
async function everyPoll(look: () => boolean): Promise<void> {
  let stopped = false;
  const release = onSignals(() => {
    stopped = true;
  });
  try {
    while (!stopped && look()) await setTimeout(POLL_MS);
  } finally {
    release();
  }
}

async function pollUntilStopped(
  store: Store,
  lab: string | null,
  take: (heard: readonly LabChangeEvent[]) => boolean,
): Promise<void> {
  const known = buildOwnershipIndex(store, lab);
  const isWanted = (name: string | null) => name !== null && (lab === null || name === lab);
  const monitor = openKernelMonitor((netns, mark) => isWanted(labOfMark(mark)) || isWanted(known.labIn(netns)));
  try {
    await everyPoll(() => {
      const changes = monitor.poll();
      if (changes.length > 0) {
        known.refresh();
        monitor.reconsider();
      }
      const time = new Date().toISOString();
      const byNetform = changes.length > 0 && isRunRecent(store, RUN_ECHO_MS);
      return take(
        changes.flatMap((change) =>
          toLabChangeEvents(known, change, isWanted).map((heard) => ({ ...heard, time, byNetform })),
        ),
      );
    });
  } finally {
    monitor.close();
  }
}

/** Nothing of what concerns no lab: much on the host does not. */
function toLabChangeEvents(
  known: OwnershipIndex,
  change: MonitorEvent,
  isWanted: (lab: string | null) => boolean,
): readonly Omit<LabChangeEvent, 'time' | 'byNetform'>[] {
  const { netns } = change;
  const thing = 'thing' in change ? change.thing : null;
  const owner = thing === null ? known.ownerOfNamespace(netns) : known.ownerOf(netns, thing);
  const marked = labOfMark(thing?.mark ?? null);
  const lab = owner?.lab ?? (isWanted(marked) ? marked : netns === 'host' ? null : known.labIn(netns));
  if (netns === 'host' && lab === null && change.event !== 'lost') return [];
  return [{ change, owner, lab }];
}
