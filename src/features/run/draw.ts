import { processId } from '../../model/ids.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import type { FeatureDrawing } from '../../picture/model/feature-drawing.ts';

/** A program is a row in the box of its namespace: its name, and the ports that it takes, or else its command. */
export const runDrawing: FeatureDrawing = {
  rows: ({ lab, statuses }, netns) =>
    lab.processes.flatMap(({ netns: of, name, command, terms }) => {
      if (of !== netns || terms === undefined) return [];
      const id = processId(netns, name);
      const text = terms.ports.length > 0 ? terms.ports.map((port) => `:${port}`).join(' ') : commandText(command);
      return [{ id, ids: [id], sort: 'program' as const, name, texts: [text], word: statuses.get(id) ?? null }];
    }),
  gates: () => [],
};

const MOST = 32;

function commandText(command: readonly string[]): string {
  const text = command.map(shellWord).join(' ');
  return text.length <= MOST ? text : `${text.slice(0, MOST - 1)}…`;
}
