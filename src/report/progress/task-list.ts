import { Listr, type ListrEventManager, ListrEventType, type ListrRendererFactory, Spinner } from 'listr2';
import { createTerminalRegion } from './terminal-region.ts';

/** Lines on a terminal, each with a spinner before it. */
export type TaskList = {
  /** Draws the lines with the titles of now. */
  readonly refresh: () => void;
  /** Erases the lines before it returns; the list that was drawn before is drawn again. */
  readonly close: () => void;
};

/** The lists of tasks at the end of a terminal's output; only the one that was opened last is drawn. */
export type TaskLists = {
  /** Draws a list before it returns, because most work does not yield to a timer. */
  readonly open: (titles: () => readonly string[]) => TaskList;
  /** Writes text above the list. */
  readonly write: (text: string) => void;
};

/** An open list; `draw` gives its tasks the titles of now and draws them. */
type OpenTaskList = { readonly draw: () => void };

/** The lists of a terminal, whose tasks and spinners are listr2's. */
export function createTaskLists(stream: NodeJS.WriteStream): TaskLists {
  const drawLines = createTerminalRegion(stream);
  const stack: OpenTaskList[] = [];
  const drawTop = () => {
    const top = stack.at(-1);
    if (top === undefined) drawLines([]);
    else top.draw();
  };
  return {
    open: (titles) => {
      let end: () => void = () => {};
      const ending = new Promise<void>((resolve) => {
        end = resolve;
      });
      const list = listOf(titles(), ending, (lines) => {
        if (stack.at(-1) === opened) drawLines(lines);
      });
      const draw = () => {
        for (const [i, title] of titles().entries()) setTitle(list.tasks[i], title);
        list.events.emit(ListrEventType.SHOULD_REFRESH_RENDER);
      };
      const opened: OpenTaskList = { draw };
      stack.push(opened);
      void list.run();
      return {
        refresh: draw,
        close: () => {
          const place = stack.indexOf(opened);
          if (place < 0) return;
          stack.splice(place, 1);
          end();
          drawTop();
        },
      };
    },
    write: (text) => {
      if (stack.length > 0) drawLines([]);
      stream.write(text);
      if (stack.length > 0) drawTop();
    },
  };
}

/** Opens a list after so many milliseconds, unless it was closed before; at once after none. */
export function openDelayedTaskList(lists: TaskLists, titles: () => readonly string[], afterMs: number): TaskList {
  let list: TaskList | null = afterMs === 0 ? lists.open(titles) : null;
  const open = () => {
    list = lists.open(titles);
  };
  const timer = list === null ? setTimeout(open, afterMs) : undefined;
  return {
    refresh: () => list?.refresh(),
    close: () => {
      clearTimeout(timer);
      list?.close();
    },
  };
}

type DrawLines = (lines: readonly string[]) => void;
type TitledTask = { title?: string | undefined };

function setTitle(task: TitledTask | undefined, title: string): void {
  if (task !== undefined) task.title = title;
}

function listOf(
  titles: readonly string[],
  ending: Promise<void>,
  draw: DrawLines,
): Listr<unknown, ListrRendererFactory> {
  return new Listr<unknown, ListrRendererFactory>(
    titles.map((title) => ({ title, task: () => ending })),
    { concurrent: true, exitOnError: false, registerSignalListeners: false, renderer: lineRenderer(draw) },
  );
}

/**
 * A renderer of listr2 that draws when it is started. Its default renderer first loads what it draws with, which work that
 * does not yield would delay to its end; it also hides the cursor, which a signal in such work would leave hidden.
 */
const lineRenderer = (draw: DrawLines): ListrRendererFactory =>
  class {
    static nonTTY = true;
    static rendererOptions = {};
    static rendererTaskOptions = {};
    readonly render: () => void;
    readonly end: () => void;

    constructor(tasks: readonly TitledTask[], _options: object, events?: ListrEventManager) {
      const spinner = new Spinner();
      const drawTasks = () => draw(tasks.map(({ title }) => `${spinner.fetch()} ${title ?? ''}`));
      this.render = () => {
        drawTasks();
        spinner.start(drawTasks);
        events?.on(ListrEventType.SHOULD_REFRESH_RENDER, drawTasks);
      };
      this.end = () => spinner.stop();
    }
  };
