import { processId } from '../../model/ids.ts';
import type { FeatureDrawing } from '../../picture/model/feature-drawing.ts';
import { INGRESS_PROCESS } from './resolve.ts';
import { labIngresses } from './topology.ts';

/** A proxy is a row in the box of its namespace: its ports, and the hosts that it knows. */
export const ingressDrawing: FeatureDrawing = {
  rows: ({ lab, statuses }, netns) =>
    labIngresses(lab)
      .filter((one) => one.netns === netns)
      .map(({ data }) => {
        const id = processId(netns, INGRESS_PROCESS);
        const hosts = [...new Set(data.routes.flatMap(({ host }) => host ?? []))];
        const texts = [
          ...data.listen.map(({ port }) => `:${port}`),
          ...(hosts.length === 0 ? [] : [hosts.length === 1 ? (hosts[0] ?? '') : `${hosts.length} hosts`]),
        ];
        return { id, ids: [id], sort: 'program' as const, name: 'ingress', texts, word: statuses.get(id) ?? null };
      }),
  gates: () => [],
};
