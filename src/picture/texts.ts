import type { Box, Gate, Nic, Picture, Row, Switch } from './picture.ts';
import { SIGNS } from './picture.ts';
import { switchLines } from './size.ts';

/** A box as lines of text: its name, then a line each for its interfaces, routes and the rest. */
export const boxTexts = (box: Box): readonly string[] => [
  `${box.name}${box.forwarding ? ' (router)' : ''}`,
  ...box.rows.map((row) => rowText(row, box)),
];

export const hubTexts = (hub: Switch): readonly string[] => [hub.name, ...switchLines(hub)];

export const nicTexts = ({ name, addresses }: Nic): readonly string[] => [name, ...addresses];

export const gateText = ({ sort, name, text }: Gate): readonly string[] =>
  sort === 'nat' ? [`NAT ${name}`, text] : ['forward', `${name} → ${text}`];

/** `from` and `to` are ids, null for what is outside; `solid` is a way to a gateway, `dashed` one through a gate, `overlay` no arrow at all. */
export type TextEdge = {
  readonly from: string | null;
  readonly to: string | null;
  readonly label: string;
  readonly arrow: 'none' | 'solid' | 'dashed' | 'overlay';
};

/** Every line of the picture, arrows always from the first to the second. */
export function edgesOf({ wires, gates, nics }: Picture): readonly TextEdge[] {
  return [
    ...nics
      .filter(({ existing }) => existing)
      .map(({ id }) => ({ from: null, to: id, label: '', arrow: 'none' as const })),
    ...gates.flatMap(gateEdges),
    ...wires.map(({ ends: [one, other], subnets, towards, word, overlay }): TextEdge => {
      const [from, to] = towards === 0 ? [other, one] : [one, other];
      const sign = word === null ? '' : `${SIGNS[word]} ${word}`;
      const label = [overlay === null ? '' : `vxlan ${overlay}`, subnets.join(', '), sign].filter(Boolean).join(' ');
      return {
        from: from.node,
        to: to.node,
        label,
        arrow: overlay !== null ? 'overlay' : towards === null ? 'none' : 'solid',
      };
    }),
  ];
}

function gateEdges({ id, sort, inner, outer }: Gate): readonly TextEdge[] {
  const way = sort === 'nat' ? [inner, id, outer] : [outer, id, inner];
  const [from = null, middle = null, to = null] = way;
  const dashed = (from: string | null, to: string | null): TextEdge => ({ from, to, label: '', arrow: 'dashed' });
  const isInnerKnown = inner !== null && inner !== outer;
  const outerPart = sort === 'nat' ? dashed(middle, to) : dashed(from, middle);
  const innerPart = sort === 'nat' ? dashed(from, middle) : dashed(middle, to);
  return isInnerKnown ? [innerPart, outerPart] : [outerPart];
}

function rowText({ sort, name, texts, word }: Row, box: Box): string {
  const sign = word === null || word === box.word ? '' : `${SIGNS[word]} `;
  const joint = sort === 'route' || sort === 'forward' ? ' → ' : ' ';
  return `${sign}${sort === 'nat' ? 'NAT ' : ''}${[name, texts.join(', ')].filter(Boolean).join(joint)}`;
}
