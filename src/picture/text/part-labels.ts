import { switchLines } from '../layout/part-size.ts';
import type { Box, BoxRow, HostNic, NatGate, Picture, Switch } from '../model/picture.ts';
import { gateInners, rowName, STATUS_SIGNS, statusText } from '../model/picture.ts';

/** A box as lines of text: its name, then a line each for its interfaces, routes and the rest. */
export const boxTexts = (box: Box): readonly string[] => [
  `${box.name}${box.forwarding ? ' (router)' : ''}`,
  ...box.rows.map((row) => rowText(row, box)),
];

/** A switch as lines of text: its name, its subnets and its addresses. */
export const hubTexts = (hub: Switch): readonly string[] => [hub.name, ...switchLines(hub)];

/** An interface of the host as lines of text: its name and its addresses. */
export const nicTexts = ({ name, addresses }: HostNic): readonly string[] => [name, ...addresses];

/** NAT or a forward as two lines of text. */
export const gateTexts = ({ sort, name, text }: NatGate): readonly string[] =>
  sort === 'nat' ? [`NAT ${name}`, text] : ['forward', `${name} → ${text}`];

/** `from` and `to` are ids, null for what is outside; `solid` is a way to a gateway, `dashed` one through a gate, `overlay` no arrow at all. */
export type TextEdge = {
  readonly from: string | null;
  readonly to: string | null;
  readonly label: string;
  readonly arrow: 'none' | 'solid' | 'dashed' | 'overlay';
};

/** Every line of the picture, arrows always from the first to the second. */
export function textEdges({ wires, gates, nics }: Picture): readonly TextEdge[] {
  return [
    ...nics
      .filter(({ existing }) => existing)
      .map(({ id }) => ({ from: null, to: id, label: '', arrow: 'none' as const })),
    ...gates.flatMap(gateEdges),
    ...wires.map(({ ends: [one, other], subnets, towards, word, overlay, note = '' }): TextEdge => {
      const [from, to] = towards === 0 ? [other, one] : [one, other];
      const sign = word === null ? '' : statusText(word);
      const label = [overlay ?? '', subnets.join(', '), note, sign].filter(Boolean).join(' ');
      return {
        from: from.node,
        to: to.node,
        label,
        arrow: overlay !== null ? 'overlay' : towards === null ? 'none' : 'solid',
      };
    }),
  ];
}

function gateEdges(gate: NatGate): readonly TextEdge[] {
  const { id, sort, outer } = gate;
  const dashed = (inner: string | null, outer: string | null): TextEdge => {
    const [from, to] = sort === 'nat' ? [inner, outer] : [outer, inner];
    return { from, to, label: '', arrow: 'dashed' };
  };
  return [...gateInners(gate).map((inner) => dashed(inner, id)), dashed(id, outer)];
}

function rowText(row: BoxRow, box: Box): string {
  const { sort, texts, word } = row;
  const name = rowName(row);
  const sign = word === null || word === box.word ? '' : `${STATUS_SIGNS[word]} `;
  const joint = sort === 'route' || sort === 'forward' ? ' → ' : ' ';
  return `${sign}${sort === 'nat' || sort === 'dns' ? `${sort.toUpperCase()} ` : ''}${[name, texts.join(', ')].filter(Boolean).join(joint)}`;
}

/** The line of a cable or an overlay between two ends of text. */
export function lineText(overlay: string | null, note?: string): string {
  const texts = [overlay, note].filter(Boolean).join(', ');
  if (overlay !== null) return `┄ ${texts} ┄`;
  return note === undefined ? '━━' : `━ ${texts} ━`;
}
