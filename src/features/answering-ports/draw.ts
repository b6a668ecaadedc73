import { processId } from '../../model/ids.ts';
import type { FeatureDrawing } from '../../picture/model/feature-drawing.ts';
import { ANSWERS_PROCESS } from './resolve.ts';
import { labAnswers } from './topology.ts';

/** The ports that answer are a row in the box of their namespace. */
export const answersDrawing: FeatureDrawing = {
  rows: ({ lab, statuses }, netns) =>
    labAnswers(lab)
      .filter((one) => one.netns === netns)
      .map(({ ports }) => {
        const id = processId('host', ANSWERS_PROCESS);
        const texts = ports.map(({ port, protocol }) => `:${port}/${protocol}`);
        return { id, ids: [id], sort: 'program' as const, name: 'answers', texts, word: statuses.get(id) ?? null };
      }),
  gates: () => [],
};
