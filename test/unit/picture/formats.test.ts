import { expect, test } from 'vitest';
import { layoutPicture } from '../../../src/picture/layout/elk-layout.ts';
import type { Picture } from '../../../src/picture/model/picture.ts';
import { PICTURE_FORMATS, pictureFormat, renderPicture } from '../../../src/picture/render.ts';
import { legendSymbols } from '../../../src/picture/svg/legend.ts';
import { renderSvg } from '../../../src/picture/svg/svg.ts';
import { renderAscii } from '../../../src/picture/text/ascii.ts';
import { renderDot } from '../../../src/picture/text/dot.ts';
import { renderMermaid } from '../../../src/picture/text/mermaid.ts';
import { exampleFiles, examplePicture, exampleText } from './example-pictures.ts';
import { hostile } from './hostile-picture.ts';
import { xmlError } from './xml-errors.ts';

const plain = (_style: string, text: string): string => text;
const svg = async (picture: Picture) =>
  renderSvg(await layoutPicture(picture), { title: picture.name, subtitle: 'a test' });

test.each(exampleFiles)('%s in every format', async (path) => {
  const picture = examplePicture(exampleText(path));
  const drawing = await svg(picture);
  expect(xmlError(drawing)).toBe(null);
  const texts = [drawing, renderAscii(picture, plain), renderMermaid(picture), renderDot(picture)];
  for (const text of texts) {
    for (const { name } of picture.boxes) expect(text).toContain(name);
    for (const { addresses } of picture.switches) {
      for (const address of addresses) expect(text).toContain(address.split('/')[0]);
    }
  }
  expect(
    renderAscii(picture, plain)
      .split('\n')
      .filter((line) => line.length > 80),
  ).toEqual([]);
});

test('H14: no text of a drawing is smaller than 11 pixels', async () => {
  const sizes = (await svg(examplePicture(exampleText('vxlan.yaml')))).matchAll(/font-size:(\d+)px/g);
  expect(Math.min(...[...sizes].map(([, size]) => Number(size)))).toBeGreaterThanOrEqual(11);
});

test('M23: the legend has the symbols of the picture, and no others', async () => {
  const symbols = (path: string) => legendSymbols(examplePicture(exampleText(path))).map(({ text }) => text);
  expect(symbols('red-blue.yaml')).toEqual(['LAN: a bridge', 'to the default gateway']);
  expect(symbols('vxlan.yaml')).toEqual(['LAN: a bridge', 'tunnel, or link on a NIC']);
  expect(symbols('docker-bridge.yaml')).toEqual([
    'LAN: a bridge',
    'router: forwards packets',
    'to the default gateway',
    'NAT or port forward',
  ]);
  const drawing = await svg(examplePicture(exampleText('docker-bridge.yaml')));
  for (const text of symbols('docker-bridge.yaml')) expect(drawing).toContain(text);
});

test('H7: the line of what is shown is in every format', async () => {
  const picture = examplePicture(exampleText('red-blue.yaml'));
  const summary = 'from lab.yaml; on this machine 1 of 9 resources differs';
  const drawing = { picture, title: 'lab', summary, subtitle: summary, details: [], extras: [] };
  for (const format of PICTURE_FORMATS) expect(await renderPicture(drawing, format, plain)).toContain(summary);
});

test('a published port and the way out, for a terminal', () => {
  expect(renderAscii(examplePicture(exampleText('docker-bridge.yaml')), plain)).toMatchInlineSnapshot(`
    "docker-bridge

      docker-lab0   ─▶   NAT masquerade   ─▶   outside
      outside       ─▶   :8080/tcp        ─▶   c1:80

      ┏━ docker-lab0 ━━ LAN 10.17.0.0/16 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
      ┠─ host      10.17.0.1/16
      ┠─ c1:eth0   10.17.0.2/16   default → 10.17.0.1
      ┖─ c2:eth0   10.17.0.3/16   default → 10.17.0.1
    "
  `);
});

test('one long name leaves the columns of the others where they are', () => {
  const long = 'a-namespace-with-a-name-that-goes-on-and-on-and-on';
  const lab = `version: 1
name: long
bridges: { lan: { subnet: [10.0.0.0/24, "fd00::/64"] } }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } } }
  ${long}: { interfaces: { eth0: { bridge: lan } } }
`;
  expect(renderAscii(examplePicture(lab), plain).split('\n').slice(3, 7)).toEqual([
    `  ┠─ red:eth0   10.0.0.1/24`,
    `  ┃             fd00::1/64`,
    `  ┖─ ${long}:eth0   10.0.0.2/24`,
    `     ${' '.repeat(long.length)}        fd00::2/64`,
  ]);
});

test('two nodes, as Mermaid', () => {
  expect(renderMermaid(examplePicture(exampleText('two-nodes.yaml')))).toMatchInlineSnapshot(`
    "---
    config: { flowchart: { wrappingWidth: 600 } }
    ---
    flowchart LR
      subgraph n0["this machine"]
        direction LR
        n5[["underlay<br/>LAN 192.168.1.0/24"]]
        subgraph n1s["node-1"]
          direction LR
          n1["node-1 #40;router#41;<br/>eth0 192.168.1.11/24<br/>10.244.2.0/24 → 192.168.1.12"]
          n6[["cni0<br/>LAN 10.244.1.0/24<br/>node-1 10.244.1.1"]]
        end
        subgraph n2s["node-2"]
          direction LR
          n2["node-2 #40;router#41;<br/>eth0 192.168.1.12/24<br/>10.244.1.0/24 → 192.168.1.11"]
          n7[["cni0<br/>LAN 10.244.2.0/24<br/>node-2 10.244.2.1"]]
        end
        n3["pod-1<br/>eth0 10.244.1.2/24<br/>default → 10.244.1.1"]
        n4["pod-2<br/>eth0 10.244.2.2/24<br/>default → 10.244.2.1"]
      end
      n1 --- n5
      n2 --- n5
      n3 --> n6
      n4 --> n7
    "
  `);
});

test('a cable, as Graphviz', () => {
  expect(renderDot(examplePicture(exampleText('two-namespaces.yaml')))).toMatchInlineSnapshot(`
    "digraph "two-namespaces" {
      graph [rankdir=LR, fontname="sans-serif", style=rounded];
      node [fontname="sans-serif", fontsize=11];
      edge [fontname="sans-serif", fontsize=10];
      subgraph "cluster host" {
        label="this machine";
        "netns:red" [label="red\\neth0 10.0.0.1/24", shape=box, style=rounded];
        "netns:blue" [label="blue\\neth0 10.0.0.2/24", shape=box, style=rounded];
      }
      "netns:red" -> "netns:blue" [dir=none, label="10.0.0.0/24"];
    }
    "
  `);
});

test('a hostile name is text in every format', async () => {
  const drawing = await svg(hostile);
  expect(xmlError(drawing)).toBe(null);
  expect(drawing).not.toContain('<script');
  for (const text of [drawing, renderAscii(hostile, plain), renderMermaid(hostile), renderDot(hostile)]) {
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  }
  const names = renderMermaid(hostile).match(/"[^"]*"/g) ?? [];
  for (const name of names) expect(name.replaceAll('<br/>', '')).not.toMatch(/[`<>{}|%]|#(?!\d+;)/);
  expect(
    renderMermaid(hostile)
      .split('\n')
      .filter((line) => (line.match(/"/g)?.length ?? 0) % 2 === 1),
  ).toEqual([]);
  const unquoted = renderDot(hostile).replace(/"(?:[^"\\]|\\.)*"/g, '""');
  expect(unquoted).not.toMatch(/script|alert|\\/);
});

test('the format is that of the ending, or of the place', () => {
  expect(pictureFormat(null, 'terminal')).toBe('ascii');
  expect(pictureFormat(null, 'pipe')).toBe('svg');
  expect(pictureFormat('out/lab', 'terminal')).toBe('svg');
  expect(pictureFormat('lab.html', 'terminal')).toBe('html');
  expect(pictureFormat('lab.mmd', 'pipe')).toBe('mermaid');
});

test('H16: an unknown suffix is refused with the known ones, and Markdown is Mermaid in a fenced block', async () => {
  expect(() => pictureFormat('lab.v2/x.png', 'pipe')).toThrow(
    'netform does not draw .png; known: .svg .html .md .mmd .mermaid .dot .gv .txt',
  );
  expect(pictureFormat('lab.v2/x', 'pipe')).toBe('svg');
  expect(pictureFormat('LAB.SVG', 'pipe')).toBe('svg');
  expect(pictureFormat('lab.md', 'pipe')).toBe('markdown');
  const picture = examplePicture(exampleText('red-blue.yaml'));
  const drawing = { picture, title: '', summary: '', subtitle: '', details: [], extras: [] };
  expect(await renderPicture(drawing, 'markdown', plain)).toBe(`\`\`\`mermaid\n${renderMermaid(picture)}\`\`\`\n`);
});

const TWO_LEGS = `version: 1
name: legs
bridges:
  front: { subnet: 10.10.1.0/24, address: 10.10.1.1 }
  back: { subnet: 10.10.2.0/24, gateway: none }
namespaces:
  web: { interfaces: { eth0: { bridge: front }, eth1: { bridge: back } } }
  near: { forwarding: true, interfaces: { eth0: { bridge: front }, down: 10.9.0.1/30 } }
  far: { interfaces: { eth0: 10.9.0.2/30 }, routes: [{ to: default, via: near }] }
links: [far:eth0 -- near:down]
`;

test('M11: a default route stands at the interface that it leaves by, and nowhere else', () => {
  const lines = renderAscii(examplePicture(TWO_LEGS), plain).split('\n');
  expect(lines.filter((line) => line.includes('default'))).toEqual([
    '  ┠─ web:eth0    10.10.1.2/24   default → 10.10.1.1',
    '  ┖─ near:eth0   10.10.1.3/24   default → 10.10.1.1',
    '  far    route    default → 10.9.0.1',
  ]);
});

test('M23: what an apply deletes stands where it was', () => {
  const names = ['one', 'two', 'three', 'four'];
  const textOf = (some: readonly string[]) =>
    `version: 1\nname: row\nbridges: { ${some.map((name, i) => `lan-${name}: { subnet: 10.${i}.0.0/24 }`).join(', ')} }\nnamespaces: { ${some.map((name) => `${name}: { interfaces: { eth0: { bridge: lan-${name} } } }`).join(', ')} }\n`;
  const words = new Map(['netns:two', 'bridge:host/lan-two'].map((id) => [id, 'deleted' as const]));
  const change = { former: textOf(names), words };
  const { boxes, switches } = examplePicture(textOf(names.filter((name) => name !== 'two')), change);
  expect(boxes.map(({ name }) => name)).toEqual(names);
  expect(switches.map(({ name }) => name)).toEqual(names.map((name) => `lan-${name}`));
});

test('M16: drift is called changed, as in netform show', () => {
  const picture = examplePicture(TWO_LEGS, {
    former: TWO_LEGS,
    words: new Map([['address:web/eth0', 'drifted']]),
  });
  const texts = [renderAscii(picture, plain), renderDot(picture)];
  for (const text of texts) expect(text).not.toContain('drifted');
  expect(renderAscii(picture, plain)).toContain('~ ┠─ web:eth0    10.10.1.2/24   default → 10.10.1.1  (changed)');
});
