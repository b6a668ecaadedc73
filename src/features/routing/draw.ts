import { processId } from '../../model/ids.ts';
import type { FeatureDrawing } from '../../picture/model/feature-drawing.ts';
import { ROUTING_PROCESS } from './resolve.ts';
import { labRouters } from './topology.ts';

/** A routing daemon is a row in the box of its namespace: its AS, or its area. */
export const routingDrawing: FeatureDrawing = {
  rows: ({ lab, statuses }, netns) =>
    labRouters(lab)
      .filter((one) => one.netns === netns)
      .map(({ data: { bgp, ospf } }) => {
        const id = processId(netns, ROUTING_PROCESS);
        const texts = [...(bgp ? [`AS ${bgp.asn}`] : []), ...(ospf ? [`area ${ospf.area}`] : [])];
        return {
          id,
          ids: [id],
          sort: 'program' as const,
          name: bgp ? 'bgp' : 'ospf',
          texts,
          word: statuses.get(id) ?? null,
        };
      }),
  gates: () => [],
};
