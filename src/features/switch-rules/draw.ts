import { linkIdsOf } from '../../model/ids.ts';
import type { FeatureDrawing } from '../../picture/model/feature-drawing.ts';
import { labSwitchRules } from './topology.ts';

/** A note at the line of a port that gets copies. */
export const switchRulesDrawing: FeatureDrawing = {
  rows: () => [],
  gates: () => [],
  notes: ({ lab }) => {
    const ids = linkIdsOf(lab);
    return new Map(
      labSwitchRules(lab).mirrors.map(({ netns, name, to }) => [ids.get(`${netns}/${to}`) ?? '', `mirror ${name}`]),
    );
  },
};
