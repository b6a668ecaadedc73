import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import type { Operation } from '../model/operation.ts';
import { printable } from './printable.ts';
import { terminal } from './reading.ts';

/** What is told while a plan is executed; `close` ends the report and resolves when its last line is written. */
export type Progress = {
  readonly event: (event: { readonly operation: Operation; readonly phase: 'start' | 'done' | 'failed' }) => void;
  readonly rollback: () => void;
  readonly close: () => Promise<void>;
};

/** Nothing is told: for `--json`. */
export const silent: Progress = { event: () => {}, rollback: () => {}, close: async () => {} };

/**
 * Progress on stderr, one task a namespace (one for all when there are many), of a run that takes over half a second.
 * Quicker runs say nothing.
 */
export function progress(operations: readonly Operation[]): Progress {
  const ended = new Set<string>();
  const groups = groupsOf(operations).map((group) => ({ ...group, end: signal(), left: new Set(group.ids) }));
  const groupOf = new Map(groups.flatMap((group) => group.ids.map((id) => [id, group] as const)));
  let shown: Promise<unknown> | null = null;
  let failed = false;
  const timer = setTimeout(() => {
    shown = render(groups, ended);
  }, QUIET_MS);
  return {
    event: ({ operation, phase }) => {
      if (phase === 'start') return;
      failed ||= phase === 'failed';
      ended.add(operation.id);
      const group = groupOf.get(operation.id);
      group?.left.delete(operation.id);
      if (group?.left.size === 0) group.end.resolve(true);
    },
    rollback: () => {
      for (const { end } of groups) end.resolve(false);
    },
    close: async () => {
      clearTimeout(timer);
      for (const { end } of groups) end.resolve(!failed);
      await shown;
    },
  };
}

/** What `work` gives; when it takes over half a second a terminal is told what is being waited for, others nothing. */
export async function during<T>(title: string, work: Promise<T>): Promise<T> {
  if (process.stderr.isTTY !== true) return work;
  const ended = signal();
  let shown: Promise<unknown> | null = null;
  const timer = setTimeout(() => {
    shown = render([{ title, ids: [], end: ended }], new Set());
  }, QUIET_MS);
  let good = false;
  try {
    const result = await work;
    good = true;
    return result;
  } finally {
    clearTimeout(timer);
    ended.resolve(good);
    await shown;
  }
}

const QUIET_MS = 500;
const MOST_TASKS = 20;

type Group = { readonly title: string; readonly ids: readonly string[] };
type Running = Group & { readonly end: Signal };
type Signal = { readonly promise: Promise<boolean>; readonly resolve: (good: boolean) => void };

function signal(): Signal {
  let resolve: Signal['resolve'] = () => {};
  const promise = new Promise<boolean>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function groupsOf(operations: readonly Operation[]): readonly Group[] {
  const places = [...new Set(operations.map(({ netns }) => netns))];
  const count = `${operations.length} changes in ${places.length} namespaces`;
  if (places.length > MOST_TASKS) return [{ title: count, ids: operations.map(({ id }) => id) }];
  return places.map((netns) => ({
    title: printable(netns),
    ids: operations.filter((operation) => operation.netns === netns).map(({ id }) => id),
  }));
}

async function render(groups: readonly Running[], ended: ReadonlySet<string>): Promise<void> {
  const logger = new ListrLogger({ useIcons: true, processOutput: new ProcessOutput(process.stderr, process.stderr) });
  const tasks = groups.map(({ title, ids, end }) => ({
    title: ids.length === 0 ? title : `${title}: ${ids.filter((id) => ended.has(id)).length} of ${ids.length} done`,
    task: async (_: unknown, task: { title: string }) => {
      if (!(await end.promise)) throw new Error(`${title}: not done`);
      task.title = title;
    },
  }));
  const options = { concurrent: true, exitOnError: false, registerSignalListeners: false };
  const list =
    process.stderr.isTTY && process.stderr.columns > 0
      ? new Listr(tasks, { ...options, renderer: 'default', fallbackRenderer: 'simple', rendererOptions: { logger } })
      : new Listr(tasks, { ...options, renderer: 'simple', rendererOptions: { logger } });
  terminal.isTaken = true;
  try {
    await list.run();
  } finally {
    terminal.isTaken = false;
  }
}
