import { expect, test } from 'vitest';
import { layoutPicture, type PictureLayout, type PixelRect } from '../../../src/picture/layout/elk-layout.ts';
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
  const layout = await layoutPicture(examplePicture(text));
  expect(overlaps(layout)).toEqual([]);
  const host = layout.places.get('host');
  const outside = [...layout.places].filter(
    ([id, place]) => !id.startsWith('outside') && host && !contains(host, place),
  );
  expect(outside).toEqual([]);
});

test('every cable of a large lab is drawn, and every namespace is to be found', async () => {
  const picture = examplePicture(officeTopology('three-hundred', { offices: 12, hosts: 24 }));
  const { crowds, lines, places } = await layoutPicture(picture);
  const drawn = lines.filter(({ link }) => link.sort === 'wire').length + crowds.flatMap(({ wires }) => wires).length;
  expect(drawn).toBe(picture.wires.length);
  const inCrowds = new Set(crowds.flatMap(({ members }) => members.map(({ box }) => box.id)));
  expect(picture.boxes.filter(({ id }) => !places.has(id) && !inCrowds.has(id))).toEqual([]);
});
