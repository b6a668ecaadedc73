import { escapeControl } from '../../model/values/escape-control.ts';
import { type ChangeStatus, type Picture, statusText } from '../model/picture.ts';
import { boxTexts, gateTexts, hubTexts, nicTexts, textEdges } from './part-labels.ts';

/** A graph in the language of Graphviz. */
export function renderDot(picture: Picture, summary = ''): string {
  const { host, boxes, switches, nics, gates, outside } = picture;
  const node = (id: string, texts: readonly string[], look: string, word: ChangeStatus | null = null) => {
    const sign = word === null ? [] : [statusText(word)];
    const colour = word === null ? '' : `, ${LOOKS[word]}`;
    return `${dotString([id])} [label=${dotString([...texts, ...sign])}, ${look}${colour}];`;
  };
  const hubs = (place: string) =>
    switches.filter((one) => one.place === place).map((one) => node(one.id, hubTexts(one), HUB, one.word));
  const inHost = [
    ...gates.map((gate) => node(gate.id, gateTexts(gate), GATE, gate.word)),
    ...nics.map((nic) => node(nic.id, nicTexts(nic), NIC, nic.word)),
    ...hubs('host'),
    ...boxes.flatMap((box) => {
      const inner = hubs(box.id);
      const own = node(box.id, boxTexts(box), BOX, box.word);
      return inner.length === 0 ? [own] : cluster(box.id, [box.name], [own, ...inner]);
    }),
  ];
  const edges = textEdges(picture).map(({ from, to, label, arrow }) => {
    const look = {
      none: 'dir=none',
      solid: 'dir=forward',
      dashed: 'dir=forward, style=dashed',
      overlay: 'dir=none, style=dashed',
    }[arrow];
    const name = label === '' ? '' : `, label=${dotString([label])}`;
    return `  ${dotString([from ?? 'outside'])} -> ${dotString([to ?? 'outside'])} [${look}${name}];`;
  });
  const lines = [
    ...(summary === '' ? [] : [`// ${escapeControl(summary)}`]),
    `digraph ${dotString([picture.name])} {`,
    '  graph [rankdir=LR, fontname="sans-serif", style=rounded];',
    '  node [fontname="sans-serif", fontsize=11];',
    '  edge [fontname="sans-serif", fontsize=10];',
    ...(outside ? [`  ${node('outside', ['outside'], 'shape=ellipse, style=dashed')}`] : []),
    ...cluster('host', boxTexts(host), inHost).map((line) => `  ${line}`),
    ...edges,
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

const BOX = 'shape=box, style=rounded';
const HUB = 'shape=box, style="rounded,filled", fillcolor="#e6f3ef"';
const NIC = 'shape=box, style=filled, fillcolor="#f1eefb"';
const GATE = 'shape=cds, margin="0.2,0.12", style=filled, fillcolor="#fff6e6"';

const LOOKS: { readonly [word in ChangeStatus]: string } = {
  added: 'color="#1a7f45", penwidth=3',
  changed: 'color="#9a6200", penwidth=3',
  replaced: 'color="#7b3fb5", penwidth=3',
  deleted: 'color="#c0303c", penwidth=3',
  drifted: 'color="#9a6200", penwidth=3',
  missing: 'color="#c0303c", penwidth=3',
  foreign: 'color="#7b3fb5", penwidth=3',
};

const cluster = (id: string, texts: readonly string[], lines: readonly string[]): readonly string[] => [
  `subgraph ${dotString([`cluster ${id}`])} {`,
  `  label=${dotString(texts)};`,
  ...lines.map((line) => `  ${line}`),
  '}',
];

/** Graphviz reads escapes and HTML entities in what is dotString. */
const dotString = (texts: readonly string[]): string =>
  `"${texts.map((text) => escapeControl(text).replace(/[\\"]/g, '\\$&').replace(/&/g, '&amp;')).join('\\n')}"`;
