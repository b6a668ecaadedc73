import type { Operation } from '../../model/operation.ts';
import type { Progress, ProgressDisplay } from '../../model/results/progress.ts';
import { elapsedMs } from '../../model/values/elapsed.ts';
import { progressGroups } from './progress-groups.ts';
import { createTaskLists, openDelayedTaskList, type TaskLists } from './task-list.ts';

/** What a command shows on standard error while it works. */
export type TerminalProgress = Pick<Progress, 'begin' | 'wait' | 'rollingBack'> & {
  /** Shows a run's operations, when it takes over half a second or has a great many changes. */
  readonly display: (operations: readonly Operation[]) => ProgressDisplay;
  /** Writes text above what is shown, also without a terminal. */
  readonly write: (text: string) => void;
};

/** Work on fewer namespaces is done before a line could be read. */
const MIN_SIZE = 150;
/** A command that takes no longer than this many milliseconds shows nothing. */
const QUIET_MS = 500;
/** So many changes take longer on any machine. */
const MANY_CHANGES = 1000;
/** Milliseconds between two drawings of a run. */
const REFRESH_MS = 100;

/** Progress on standard error, where it is a terminal that is not `quiet`; otherwise only what is written. */
export function createTerminalProgress(stream: NodeJS.WriteStream, quiet: boolean): TerminalProgress {
  const isShown = !quiet && stream.isTTY === true && process.env['TERM'] !== 'dumb';
  const lists = createTaskLists(stream);
  return {
    begin: (title, size) => {
      const isQuick = size < MIN_SIZE && elapsedMs() < QUIET_MS;
      return isShown && !isQuick ? lists.open(() => [title]).close : () => {};
    },
    wait: async (title, work) => {
      const list = isShown ? openDelayedTaskList(lists, () => [title], QUIET_MS) : null;
      try {
        await work;
      } finally {
        list?.close();
      }
    },
    display: (operations) => (isShown && operations.length > 0 ? runDisplay(lists, operations) : SILENT_DISPLAY),
    rollingBack: () => lists.write('netform: rolling back, please wait\n'),
    write: lists.write,
  };
}

/** Shows nothing of a run. */
export const SILENT_DISPLAY: ProgressDisplay = { event: () => {}, rollback: () => {}, close: async () => {} };

function runDisplay(lists: TaskLists, operations: readonly Operation[]): ProgressDisplay {
  const ended = new Set<string>();
  const groups = progressGroups(operations);
  const ids = new Set(operations.map(({ id }) => id));
  let isRollingBack = false;
  let drawn = 0;
  const titles = () =>
    groups.map(({ title, ids: own }) => {
      const done = own.filter((id) => ended.has(id)).length;
      const after = ids.size === ended.size ? ', verifying' : '';
      return `${title}: ${isRollingBack ? 'rolling back' : `${done} of ${own.length} done${after}`}`;
    });
  const list = openDelayedTaskList(lists, titles, operations.length >= MANY_CHANGES ? 0 : QUIET_MS);
  return {
    event: ({ operation, phase }) => {
      if (phase === 'start' || isRollingBack || !ids.has(operation.id)) return;
      ended.add(operation.id);
      const isSoon = elapsedMs() - drawn < REFRESH_MS && ended.size < ids.size;
      if (isSoon) return;
      drawn = elapsedMs();
      list.refresh();
    },
    rollback: () => {
      isRollingBack = true;
      list.refresh();
    },
    close: async () => list.close(),
  };
}
