import { setTimeout } from 'node:timers/promises';
import { openMonitor } from '../kernel/monitor.ts';
import type { Change } from '../model/change.ts';
import { labOfMark } from '../model/kind.ts';
import type { LabView } from '../report/labs.ts';
import { ROOTS } from '../store/roots.ts';
import { readState } from '../store/state.ts';
import { type Known, knownOf, type Owner } from './known.ts';
import type { Note } from './notes.ts';
import { compareWithState } from './recorded.ts';
import { onMachine } from './session.ts';
import { onSignals } from './signals.ts';
import { labMeant } from './target.ts';

/** The kernel's queues are looked at so often: no call here may wait, for that would stop the whole program. */
const POLL_MS = 50;
/** What netlink does not tell (sysctls, tables, files) is looked at so often. */
const LOOK_AGAIN_MS = 5000;

/** A change, whose it is, and when it was heard of (ISO 8601). `owner` null: it is foreign. */
export type Heard = {
  readonly change: Change;
  readonly owner: Owner | null;
  readonly lab: string | null;
  readonly time: string;
};

type Follow = { readonly target: string | null; readonly take: (heard: readonly Heard[]) => boolean };

/**
 * Hands on what changes of a lab, or of all (null), until INT, TERM or HUP comes, or `take` says that nobody wants more: in
 * the labs' namespaces everything, of the host what is a lab's.
 */
export const follow = ({ target, take }: Follow): Promise<void> =>
  onMachine(async () => {
    const wanted = target === null ? null : labMeant(target);
    await untilStopped(wanted, (heard) => heard.length === 0 || take(heard));
  });

type Watching = { readonly target: string | null; readonly take: (view: LabView) => boolean; readonly note: Note };

/** Hands on a lab as it is, and again whenever that has changed; ends as `follow` does, or when the lab has gone. */
export const followView = ({ target, take, note }: Watching): Promise<void> =>
  onMachine(async (machine) => {
    const lab = labMeant(target);
    let shown = '';
    let next = 0;
    await untilStopped(lab, (heard) => {
      if (heard.length === 0 && performance.now() < next) return true;
      next = performance.now() + LOOK_AGAIN_MS;
      const state = readState(ROOTS, lab);
      if (state === null) {
        note(`the lab ${lab} is not on this machine${shown === '' ? '' : ' any more'}`);
        return false;
      }
      const view = compareWithState(machine, state);
      // What is open in a namespace would keep it from going.
      machine.close();
      const now = JSON.stringify(view);
      if (now === shown) return true;
      shown = now;
      return take(view);
    });
  });

async function untilStopped(lab: string | null, take: (heard: readonly Heard[]) => boolean): Promise<void> {
  const known = knownOf(lab);
  const isWanted = (name: string | null) => name !== null && (lab === null || name === lab);
  const monitor = openMonitor((netns, mark) => isWanted(labOfMark(mark)) || isWanted(known.labIn(netns)));
  let stopped = false;
  const release = onSignals(() => {
    stopped = true;
  });
  try {
    while (!stopped) {
      const changes = monitor.poll();
      if (changes.length > 0) {
        known.refresh();
        monitor.reconsider();
      }
      const time = new Date().toISOString();
      if (!take(changes.flatMap((change) => heardOf(known, change, isWanted).map((heard) => ({ ...heard, time })))))
        return;
      await setTimeout(POLL_MS);
    }
  } finally {
    release();
    monitor.close();
  }
}

/** Nothing of what concerns no lab: much on the host does not. */
function heardOf(
  known: Known,
  change: Change,
  isWanted: (lab: string | null) => boolean,
): readonly Omit<Heard, 'time'>[] {
  const { netns } = change;
  const thing = 'thing' in change ? change.thing : null;
  const owner = thing === null ? known.ownerOfNamespace(netns) : known.ownerOf(netns, thing);
  const marked = labOfMark(thing?.mark ?? null);
  const lab = owner?.lab ?? (isWanted(marked) ? marked : netns === 'host' ? null : known.labIn(netns));
  if (netns === 'host' && lab === null && change.event !== 'lost') return [];
  return [{ change, owner, lab }];
}
