import { netnsId, nftId } from '../../model/ids.ts';
import type { Lab } from '../../model/lab.ts';
import type { FeatureDrawing } from '../../picture/model/feature-drawing.ts';
import { resolvedServices } from './resolved.ts';
import type { ServiceRule } from './rule.ts';

/** A service is a row in the box of each namespace that translates for it; that of the host is a gate. */
export const serviceDrawing: FeatureDrawing = {
  rows: ({ lab }, netns) =>
    rulesIn(lab, netns).map((rule) => {
      const id = nftId(netns, lab.name);
      const name = drawnName(rule);
      return { id, ids: [id], sort: 'forward', name, texts: [drawnTargets(rule)], word: null };
    }),
  gates: ({ lab }) =>
    rulesIn(lab, 'host').map((rule, i) => ({
      id: `service:${i}`,
      ids: [nftId('host', lab.name)],
      word: null,
      sort: 'forward',
      name: drawnName(rule),
      text: drawnTargets(rule),
      inner: innerOf(
        lab,
        rule.targets.map(({ label }) => label),
      ),
      outer: null,
    })),
};

/** The rules of the services in a namespace; those of both families are drawn once. */
function rulesIn(lab: Lab, netns: string): readonly ServiceRule[] {
  const all = resolvedServices(lab).flatMap(({ nodes }) =>
    nodes.flatMap((node) => (node.netns === netns ? node.rules : [])),
  );
  return [...new Map(all.toReversed().map((rule) => [drawnName(rule), rule])).values()].toReversed();
}

/** `web:80/tcp`, `web *:30080/tcp`. */
const drawnName = ({ service, at, port, protocol }: ServiceRule): string =>
  `${service}${'node' in at ? ' *' : ''}:${port}/${protocol}`;

/** `web-1:8080`, `3 endpoints`. */
function drawnTargets({ targets }: ServiceRule): string {
  const [only] = targets;
  return only && targets.length === 1 ? `${only.label}:${only.port}` : `${targets.length} endpoints`;
}

/** The namespace of the first endpoint that is one of the lab. */
function innerOf(lab: Lab, labels: readonly string[]): string | null {
  const names = new Set(lab.namespaces.map(({ name }) => name));
  const found = labels.map((label) => label.split(':')[0] ?? '').find((label) => names.has(label));
  return found === undefined ? null : netnsId(found);
}
