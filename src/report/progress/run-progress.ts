import { DefaultRenderer, Listr, ListrEventType, ListrLogger, ProcessOutput } from 'listr2';
import type { Operation } from '../../model/operation.ts';
import type { ProgressDisplay } from '../../model/results/progress.ts';
import { escapeControl } from '../../model/values/escape-control.ts';
import { beginStatusLine, stderrTerminal } from './status-line.ts';

/** Nothing is told: for `--json`, and without a terminal. */
export const silentProgress: ProgressDisplay = {
  event: () => {},
  rollback: () => {},
  close: async () => {},
};

/**
 * Progress on stderr, one line a namespace (one for all when there are many), of a run that takes over half a second or
 * has a great many changes. The lines go at the end. Nothing is told without a terminal.
 */
export function progressDisplay(operations: readonly Operation[]): ProgressDisplay {
  if (process.stderr.isTTY !== true || operations.length === 0) return silentProgress;
  const ended = new Set<string>();
  const groups = progressGroups(operations);
  const ids = new Set(operations.map(({ id }) => id));
  let isUndone = false;
  let drawn = 0;
  const titles = (): readonly string[] =>
    groups.map(({ title, ids: own }) => {
      const done = own.filter((id) => ended.has(id)).length;
      const after = ids.size === ended.size ? ', verifying' : '';
      return `${title}: ${isUndone ? 'undoing what was done' : `${done} of ${own.length} done${after}`}`;
    });
  const list = spinnerList(titles, operations.length >= MANY_CHANGES ? 0 : QUIET_MS);
  return {
    begun: list.begun,
    event: ({ operation, phase }) => {
      if (phase === 'start' || isUndone || !ids.has(operation.id)) return;
      ended.add(operation.id);
      const isSoon = performance.now() - drawn < REFRESH_MS && ended.size < ids.size;
      if (isSoon) return;
      drawn = performance.now();
      list.refresh();
    },
    rollback: () => {
      isUndone = true;
      list.refresh();
    },
    close: list.close,
  };
}

/** What `work` gives; when it takes over half a second a terminal is told what is being waited for, others nothing. */
export async function withSpinner<T>(title: string, work: Promise<T>): Promise<T> {
  if (process.stderr.isTTY !== true || stderrTerminal.isTaken) return work;
  const list = spinnerList(() => [title], QUIET_MS);
  try {
    return await work;
  } finally {
    await list.close();
  }
}

const QUIET_MS = 500;
const DRAWN_WITHIN_MS = 3000;
const REFRESH_MS = 100;
const MOST_LINES = 20;
/** So many take over half a second on any machine. */
const MANY_CHANGES = 1000;

type ProgressGroup = { readonly title: string; readonly ids: readonly string[] };

function progressGroups(operations: readonly Operation[]): readonly ProgressGroup[] {
  const places = [...new Set(operations.map(({ netns }) => netns))];
  const count = `${operations.length} changes in ${places.length} namespaces`;
  if (places.length > MOST_LINES) return [{ title: count, ids: operations.map(({ id }) => id) }];
  return places.map((netns) => ({
    title: escapeControl(netns),
    ids: operations.filter((operation) => operation.netns === netns).map(({ id }) => id),
  }));
}

type SpinnerList = {
  readonly begun: Promise<unknown>;
  readonly refresh: () => void;
  readonly close: () => Promise<void>;
};

/** Lines with a spinner before each, after some time; `refresh` draws them with the titles of now, also when nothing yields. */
function spinnerList(titles: () => readonly string[], afterMs: number): SpinnerList {
  // A serial console does not know how wide it is.
  if (!(process.stderr.columns > 0)) return statusLineList(titles()[0] ?? '');
  let shown: { readonly list: Listr; readonly ended: Promise<unknown> } | null = null;
  let end: () => void = () => {};
  const ending = new Promise<void>((resolve) => {
    end = resolve;
  });
  const show = (): Promise<unknown> => {
    stderrTerminal.isTaken = true;
    const list = listrOf(titles(), ending);
    const drawn = new Promise<void>((resolve) => list.events.on(ListrEventType.SHOULD_REFRESH_RENDER, resolve));
    shown = { list, ended: list.run() };
    return Promise.race([drawn, new Promise((resolve) => setTimeout(resolve, DRAWN_WITHIN_MS))]);
  };
  const timer = afterMs === 0 ? undefined : setTimeout(show, afterMs);
  return {
    begun: afterMs === 0 ? show() : Promise.resolve(),
    refresh: () => {
      for (const [i, title] of titles().entries()) {
        const task = shown?.list.tasks[i];
        if (task) task.title = title;
      }
      shown?.list.events.emit(ListrEventType.SHOULD_REFRESH_RENDER);
    },
    close: async () => {
      clearTimeout(timer);
      end();
      await shown?.ended;
      if (shown !== null) stderrTerminal.isTaken = false;
    },
  };
}

function statusLineList(title: string): SpinnerList {
  const end = beginStatusLine(title, Number.POSITIVE_INFINITY);
  return { begun: Promise.resolve(), refresh: () => {}, close: async () => end() };
}

function listrOf(titles: readonly string[], ending: Promise<void>): Listr {
  const logger = new ListrLogger({ useIcons: true, processOutput: new ProcessOutput(process.stderr, process.stderr) });
  // Whether standard output is a terminal is no matter: all of this goes to standard error.
  DefaultRenderer.nonTTY = true;
  return new Listr(
    titles.map((title) => ({ title, task: () => ending })),
    {
      ...{ concurrent: true, exitOnError: false, registerSignalListeners: false },
      renderer: 'default',
      rendererOptions: { logger, clearOutput: true },
    },
  );
}
