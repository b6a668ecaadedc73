import { linkIdsOf } from '../../model/ids.ts';
import { formatImpairment } from '../../net/impairment.ts';
import type { FeatureDrawing } from '../../picture/model/feature-drawing.ts';
import { labImpairments } from './topology.ts';

/** A note at the line of a link: once where both ends are alike, else with the namespace that it is of. */
export const impairDrawing: FeatureDrawing = {
  rows: () => [],
  gates: () => [],
  notes: ({ lab }) => {
    const ids = linkIdsOf(lab);
    const onBridges = new Set(
      lab.cables
        .filter(({ ends }) => ends.some(({ master }) => master !== null))
        .flatMap(({ ends }) => ends.map(({ netns, name }) => ids.get(`${netns}/${name}`) ?? '')),
    );
    const notes = new Map<string, Map<string, string>>();
    for (const { netns, dev, impairment } of labImpairments(lab)) {
      const id = ids.get(`${netns}/${dev}`) ?? '';
      const ends = notes.get(id) ?? new Map<string, string>();
      notes.set(id, ends.set(netns, shortened(formatImpairment(impairment))));
    }
    return new Map(
      [...notes].map(([id, ends]) => {
        const texts = [...new Set(ends.values())];
        const isOne = texts.length === 1 && (ends.size > 1 || onBridges.has(id));
        return [id, isOne ? (texts[0] ?? '') : [...ends].map(([end, text]) => `${end}: ${text}`).join('; ')];
      }),
    );
  },
};

/** A line has room for two words; all of them are in the plan. */
function shortened(text: string): string {
  const words = text.split(', ');
  return words.length <= 2 ? text : `${words.slice(0, 2).join(', ')}, …`;
}
