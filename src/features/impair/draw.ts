import { linkIdsOf } from '../../model/ids.ts';
import { formatImpairment } from '../../net/impairment.ts';
import type { FeatureDrawing } from '../../picture/model/feature-drawing.ts';
import { labImpairments } from './topology.ts';

/** A note at the line of a link: once where both ends are alike, else with the end that it is of. */
export const impairDrawing: FeatureDrawing = {
  rows: () => [],
  gates: () => [],
  notes: ({ lab }) => {
    const ids = linkIdsOf(lab);
    const notes = new Map<string, Map<string, string>>();
    for (const { netns, dev, impairment } of labImpairments(lab)) {
      const id = ids.get(`${netns}/${dev}`) ?? '';
      const ends = notes.get(id) ?? new Map<string, string>();
      notes.set(id, ends.set(`${netns}:${dev}`, formatImpairment(impairment)));
    }
    return new Map(
      [...notes].map(([id, ends]) => {
        const texts = [...new Set(ends.values())];
        const alike = ends.size > 1 && texts.length === 1;
        return [id, alike ? (texts[0] ?? '') : [...ends].map(([end, text]) => `${end}: ${text}`).join('; ')];
      }),
    );
  },
};
