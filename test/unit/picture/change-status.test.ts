import { expect, test } from 'vitest';
import { linkId } from '../../../src/model/ids.ts';
import { type ChangeStatus, pictureStatuses } from '../../../src/picture/model/picture.ts';
import { pageParts } from '../../../src/picture/page/page-parts.ts';
import { examplePicture, exampleText } from './example-pictures.ts';

const text = exampleText('vxlan.yaml');

test.each([
  { word: 'missing', whole: 'drifted' },
  { word: 'added', whole: 'changed' },
] as const)('of two ends one is $word: the line between them is $whole, and so is the one box', ({ word, whole }) => {
  const words = new Map<string, ChangeStatus>([
    [linkId({ kind: 'vxlan', netns: 'node-2', name: 'vx0' }), word],
    ['address:pod-1/eth0', word],
  ]);
  const picture = examplePicture(text, { former: text, words });
  const told = pageParts(picture).filter((part) => part.word !== null);
  expect(told.map(({ name, sort, word }) => ({ name, sort, word }))).toEqual([
    { name: 'pod-1', sort: 'namespace', word: whole },
    { name: 'br0 — br0', sort: 'overlay', word: whole },
  ]);
  expect(pictureStatuses(picture)).toContain(whole);
});
