import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { escapeControl } from '../../../src/model/values/escape-control.ts';
import { type Picture, statusText } from '../../../src/picture/model/picture.ts';
import { renderDot } from '../../../src/picture/text/dot.ts';
import { mermaidLimitExceeded, renderMermaid } from '../../../src/picture/text/mermaid.ts';
import { boxTexts, gateTexts, hubTexts, nicTexts, textEdges } from '../../../src/picture/text/part-labels.ts';
import { noBrowser } from '../../support/browser.ts';
import { officeTopology } from '../../support/office-topology.ts';
import { exampleFiles, examplePicture, exampleText } from './example-pictures.ts';
import { hostile } from './hostile-picture.ts';
import { graphviz, mermaid, noGraphviz, type RenderedGraph } from './renderers.ts';

const WORDS = ['end', 'graph', 'subgraph', 'class', 'style', 'click', 'linkStyle', 'o1', 'x2', 'TB', 'a.b-c_d', 'node'];
const NASTY = `version: 1
name: nasty
bridges:
  ${WORDS.map((word, i) => `${word.slice(0, 8)}-br: { subnet: [10.${i}.0.0/24, 'fd00:${i}::/64'] }`).join('\n  ')}
namespaces:
  ${WORDS.map((word) => `${word}: { interfaces: { ${word}: { bridge: ${word.slice(0, 8)}-br } } }  # "];--> {{`).join('\n  ')}
  ${'long-'.repeat(12)}x: { interfaces: { end: { bridge: end-br } } }
`;
const WITHOUT = NASTY.replace(/^ {2}click: .*\n/m, '').replace('TB: { bridge', 'TB: { mtu: 1400, bridge');

const pictures: readonly (readonly [string, Picture])[] = [
  ...exampleFiles.map((path) => [path, examplePicture(exampleText(path))] as const),
  ['names that are words of these languages', examplePicture(NASTY)],
  [
    'a plan',
    examplePicture(WITHOUT, {
      former: NASTY,
      words: new Map([
        ['netns:click', 'deleted'],
        ['bridge:host/click-br', 'changed'],
        ['netns:o1', 'added'],
        ['veth:TB/TB', 'replaced'],
      ]),
    }),
  ],
  ['a hostile name', hostile],
];

describe.skipIf(noBrowser !== null)(`as Mermaid itself draws it (${noBrowser ?? 'in Chromium'})`, () => {
  let library: Awaited<ReturnType<typeof mermaid>>;
  beforeAll(async () => {
    library = await mermaid();
  });
  afterAll(() => library.close());
  test.each(pictures)('Mermaid draws %s', async (_, picture) => {
    expect(sorted(await library.draw(renderMermaid(picture)))).toEqual(wanted(picture));
    expect(mermaidLimitExceeded(picture, renderMermaid(picture))).toBe(null);
  });
  test('what is too large for it is told', async () => {
    const large = examplePicture(officeTopology('large', { offices: 20, hosts: 25 }));
    const text = renderMermaid(large);
    expect(mermaidLimitExceeded(large, text)).toBe('Mermaid draws no more than 500 lines, and this picture has 524');
    await expect(library.draw(text)).rejects.toThrow(/500/);
    const long = { ...hostile, host: { ...hostile.host, name: 'long '.repeat(10_000) } };
    expect(mermaidLimitExceeded(long, renderMermaid(long))).toMatch(/^Mermaid reads no more than 50000 characters/);
    expect((await library.draw(renderMermaid(long))).nodes).toEqual(['Maximum text size in diagram exceeded']);
  });
});

describe.skipIf(noGraphviz !== null)(
  `as Graphviz itself draws it${noGraphviz === null ? '' : ` (${noGraphviz})`}`,
  () => {
    test.each(pictures)('Graphviz draws %s', (_, picture) => {
      expect(sorted(graphviz(renderDot(picture)))).toEqual(wanted(picture));
    });
  },
);

/** Every shape and line of a picture, with its texts. */
function wanted(picture: Picture): RenderedGraph {
  const { host, boxes, switches, nics, gates, outside } = picture;
  const nodes = [
    ...boxes.map((box) => [...boxTexts(box), ...sign(box)]),
    ...switches.map((one) => [...hubTexts(one), ...sign(one)]),
    ...nics.map((nic) => [...nicTexts(nic), ...sign(nic)]),
    ...gates.map((gate) => [...gateTexts(gate), ...sign(gate)]),
    ...(outside ? [['outside']] : []),
  ];
  const inside = boxes.filter(({ id }) => switches.some(({ place }) => place === id));
  const frames = [boxTexts(host), ...inside.map(({ name }) => [name])];
  return sorted({
    nodes: nodes.map(asText),
    frames: frames.map(asText),
    edges: textEdges(picture).map(({ label }) => escapeControl(label)),
  });
}

const sign = ({ word }: { readonly word: Picture['host']['word'] }) => (word === null ? [] : [statusText(word)]);
const asText = (lines: readonly string[]): string => lines.map(escapeControl).join('\n');
const sorted = ({ nodes, frames, edges }: RenderedGraph): RenderedGraph => ({
  nodes: nodes.toSorted(),
  frames: frames.toSorted(),
  edges: edges.toSorted(),
});
