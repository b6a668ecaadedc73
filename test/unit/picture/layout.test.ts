import { expect, test } from 'vitest';
import { columnLayout } from '../../../src/picture/layout/column-layout.ts';
import { layoutPicture, type PictureLayout, type PixelRect } from '../../../src/picture/layout/elk-layout.ts';
import { layoutDirection } from '../../../src/picture/layout/layout-direction.ts';
import { officeTopology } from '../../support/office-topology.ts';
import { exampleFiles, examplePicture, exampleText } from './example-pictures.ts';

const meet = (a: PixelRect, b: PixelRect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const contains = (a: PixelRect, b: PixelRect): boolean =>
  a.x <= b.x && a.y <= b.y && a.x + a.width >= b.x + b.width && a.y + a.height >= b.y + b.height;

/** Parts that lie over each other without one being in the other, and labels over parts. */
function overlaps({ picture, crowds, places, lines, labels }: PictureLayout): readonly string[] {
  const ids = [picture.boxes, picture.switches, picture.nics, picture.gates, crowds].flat().map(({ id }) => id);
  const parts = ids.flatMap((id) => {
    const place = places.get(id);
    return place ? [{ id, place }] : [];
  });
  const texts = [...lines.flatMap((line) => line.labels), ...labels].map((place) => ({
    id: `text ${place.text}`,
    place,
  }));
  const all = [...parts, ...texts];
  return all.flatMap((one, i) =>
    all
      .slice(i + 1)
      .filter((other) => meet(one.place, other.place))
      .filter(
        (other) =>
          other.id.startsWith('text ') || !(contains(one.place, other.place) || contains(other.place, one.place)),
      )
      .map((other) => `${one.id} and ${other.id}`),
  );
}

test.each([
  ...exampleFiles.map((path) => [path, exampleText(path)] as const),
  ['thirty namespaces', officeTopology('thirty', { offices: 3, hosts: 9 })] as const,
  ['three hundred namespaces', officeTopology('three-hundred', { offices: 12, hosts: 24 })] as const,
])('nothing lies over anything else: %s', async (_name, text) => {
  const picture = examplePicture(text);
  for (const layout of [await layoutPicture(picture), columnLayout(picture)]) {
    expect(overlaps(layout)).toEqual([]);
    const host = layout.places.get('host');
    const outside = [...layout.places].filter(
      ([id, place]) => !id.startsWith('outside') && host && !contains(host, place),
    );
    expect(outside).toEqual([]);
  }
});

test.each(exampleFiles)('H14: the column of %s has every part and line, and fits a narrow screen', (path) => {
  const picture = examplePicture(exampleText(path));
  const { places, lines, crowds, width } = columnLayout(picture);
  const inGrids = new Set(crowds.flatMap(({ members }) => members.map(({ box }) => box.id)));
  const parts = [picture.boxes, picture.switches, picture.nics, picture.gates].flat();
  expect(parts.filter(({ id }) => !places.has(id) && !inGrids.has(id))).toEqual([]);
  const drawn = lines.filter(({ link }) => link.sort === 'wire' || link.sort === 'overlay').length;
  expect(drawn + crowds.flatMap(({ wires }) => wires).length).toBe(picture.wires.length);
  for (const { points, link } of lines) {
    for (const [i, { x, y }] of points.entries()) {
      const before = points[i - 1];
      expect(before === undefined || before.x === x || before.y === y, `${link.id} is drawn straight`).toBe(true);
    }
  }
  // A screen of 400 pixels shows so many units at the smallest scale; each of many overlays has a track of its own, and addresses at it.
  const overlays = picture.wires.filter(({ overlay }) => overlay !== null).length;
  expect(width).toBeLessThan(Math.min(650, 450 + 200 * overlays));
});

/** LANs, each with two hosts, in an order that is not that of their names; one NAT for each, or for all. */
const lansText = (numbers: readonly number[], nat: string): string =>
  [
    'version: 1\nname: lans\nbridges:',
    ...numbers.map((i) => `  lan${i}: { subnet: 10.6.${i}.0/24, address: 10.6.${i}.1 }`),
    'namespaces:',
    ...numbers
      .toReversed()
      .flatMap((i) => ['b', 'a'].map((x) => `  ${x}${i}: { interfaces: { eth0: { bridge: lan${i} } } }`)),
    nat,
    '',
  ].join('\n');

const ORDER = [3, 1, 6, 2, 5, 4];

/** The ids of bridges, or of hosts, from the top to the bottom and from the left to the right. */
const orderOf = ({ places }: PictureLayout, ids: readonly string[]): readonly string[] =>
  ids.toSorted((a, b) => {
    const [one, other] = [places.get(a), places.get(b)];
    return one && other ? one.y - other.y || one.x - other.x : 0;
  });

test('M23: LANs are drawn in the order of the file, each with its hosts in the order of the file', async () => {
  const picture = examplePicture(
    lansText(
      ORDER,
      ORDER.map((i) => `  - masquerade: lan${i}`)
        .join('\n')
        .replace(/^/, 'nat:\n'),
    ),
  );
  for (const layout of [await layoutPicture(picture), columnLayout(picture)]) {
    const hubs = picture.switches.map(({ id }) => id);
    expect(orderOf(layout, hubs)).toEqual(ORDER.map((i) => `bridge:host/lan${i}`));
    const boxes = ORDER.flatMap((i) => [`netns:b${i}`, `netns:a${i}`]);
    expect(orderOf(layout, boxes)).toEqual(boxes);
    const gates = picture.gates.map(({ id }) => id);
    expect(orderOf(layout, gates)).toEqual(gates);
  }
});

test.each([
  'nat: [{ masquerade: 10.6.0.0/16 }]',
  `nat: [{ masquerade: [${ORDER.map((i) => `lan${i}`).join(', ')}] }]`,
  'nat: [{ masquerade: any }]',
])('M23: NAT of several LANs is connected to all of them: %s', async (nat) => {
  const picture = examplePicture(lansText(ORDER, nat));
  for (const { lines } of [await layoutPicture(picture), columnLayout(picture)]) {
    const ends = lines.filter(({ link }) => link.sort === 'nat').map(({ link }) => link.nodes.join(' → '));
    expect(ends.toSorted()).toEqual(['outside → nat:0', ...ORDER.map((i) => `nat:0 → bridge:host/lan${i}`)].toSorted());
  }
});

test('M23: what is added to a lab leaves the others in their order, and in their direction', async () => {
  const text = exampleText('router.yaml');
  const added = text.replace('namespaces:\n', 'namespaces:\n  first: { interfaces: { eth0: { bridge: lan-1 } } }\n');
  expect(added).not.toBe(text);
  const [then, now] = [examplePicture(text), examplePicture(added)];
  const ids = [...then.boxes, ...then.switches].map(({ id }) => id);
  expect(layoutDirection(now)).toBe(layoutDirection(then));
  const stacked = async (picture: typeof now) => {
    const { places } = await layoutPicture(picture, 'right');
    const isOver = (a: PixelRect, b: PixelRect) => a.y < b.y && a.x < b.x + b.width && b.x < a.x + a.width;
    const over = (a: string, b: string) => isOver(places.get(a) ?? NOWHERE, places.get(b) ?? NOWHERE);
    return ids.flatMap((a) => ids.filter((b) => over(a, b)).map((b) => `${a} over ${b}`));
  };
  expect(await stacked(now)).toEqual(await stacked(then));
  expect(await stacked(then)).not.toEqual([]);
});

const NOWHERE: PixelRect = { x: 0, y: 0, width: 0, height: 0 };

test('a long lab goes down, a broad one to the right', () => {
  const chain = Array.from({ length: 10 }, (_, i) => i);
  const cables = chain.slice(1).map((i) => `r${i - 1}:right -- r${i}:left`);
  const boxes = chain.map((i) => {
    const ends = [...(i > 0 ? [`left: 10.${i}.0.2/24`] : []), ...(i < 9 ? [`right: 10.${i + 1}.0.1/24`] : [])];
    return `  r${i}: { interfaces: { ${ends.join(', ')} } }`;
  });
  const text = `version: 1\nname: chain\nnamespaces:\n${boxes.join('\n')}\nlinks: [${cables.join(', ')}]\n`;
  expect(layoutDirection(examplePicture(text))).toBe('down');
  expect(layoutDirection(examplePicture(officeTopology('wide', { offices: 6, hosts: 6 })))).toBe('right');
});

test('every cable of a large lab is drawn, and every namespace is to be found', async () => {
  const picture = examplePicture(officeTopology('three-hundred', { offices: 12, hosts: 24 }));
  const { crowds, lines, places } = await layoutPicture(picture);
  const drawn = lines.filter(({ link }) => link.sort === 'wire').length + crowds.flatMap(({ wires }) => wires).length;
  expect(drawn).toBe(picture.wires.length);
  const inCrowds = new Set(crowds.flatMap(({ members }) => members.map(({ box }) => box.id)));
  expect(picture.boxes.filter(({ id }) => !places.has(id) && !inCrowds.has(id))).toEqual([]);
});

test('M23: a plan draws what stays where the lab has it', async () => {
  const hosts = (names: readonly string[]) =>
    `version: 1\nname: shop\nbridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }\nportForwards: ["8080 -> web:80"]\nnamespaces:\n${names.map((name) => `  ${name}: { interfaces: { eth0: { bridge: lan } } }\n`).join('')}`;
  const [former, text] = [hosts(['web', 'a', 'b', 'c', 'd', 'e', 'f']), hosts(['new', 'web', 'a', 'c', 'd', 'e', 'f'])];
  const gone = ['netns:b', 'veth:b/eth0', 'address:b/eth0', 'route:b/main/default'];
  const words = [['netns:new', 'added'] as const, ...gone.map((id) => [id, 'deleted'] as const)];
  const plan = { former, words: new Map(words) };
  const [lab, planned] = [examplePicture(former), examplePicture(text, plan)];
  const ids = [lab.boxes, lab.switches, lab.gates].flat().map(({ id }) => id);
  expect(layoutDirection(planned)).toBe(layoutDirection(lab));
  const stacks = async (picture: typeof lab) => {
    const { places } = await layoutPicture(picture);
    const columns = new Map<number, { id: string; y: number }[]>();
    for (const id of ids) {
      const { x, y, width } = places.get(id) ?? NOWHERE;
      const column = Math.round((x + width / 2) / 100);
      columns.set(column, [...(columns.get(column) ?? []), { id, y }]);
    }
    return [...columns.values()].map((column) => column.toSorted((a, b) => a.y - b.y).map(({ id }) => id));
  };
  expect(await stacks(planned)).toEqual(await stacks(lab));
});
