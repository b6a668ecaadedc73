import { expect, test } from 'vitest';
import { foreignReason, NO_MARK, objectPhrase } from '../../../src/model/values/object-phrase.ts';

test.each([
  ['netns:red', { whose: NO_MARK }, 'namespace red already exists, and netform did not make it'],
  ['netns:red', { whose: null }, 'namespace red already exists, and netform did not make it'],
  ['bridge:host/lan', { whose: 'lab other' }, 'bridge lan already exists: it carries the mark of the lab other'],
  ['veth:red/eth0', { whose: NO_MARK, isRecorded: true }, "veth red/eth0 no longer carries netform's mark"],
  [
    'veth:red/eth0',
    { whose: `as eth0 of red, ${NO_MARK}` },
    'veth red/eth0 already exists as eth0 of red, and netform did not make it',
  ],
  ['route:host/main/::/0', { whose: 'protocol boot' }, 'route main/::/0 already exists: protocol boot'],
])('the conflict with %s of %j is a sentence', (id, found, expected) => {
  expect(`${objectPhrase(id)} ${foreignReason(found, 'isRecorded' in found)}`).toBe(expected);
});
