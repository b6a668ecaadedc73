import type { Picture } from '../../../src/picture/model/picture.ts';

const HOSTILE = '"><script>alert(1)</script>]]>\\"`#&;--|%%{}\u001b[31m\u202e\n';

/** A picture whose names nobody would let through: each format has to stand them by itself. */
export const hostile: Picture = {
  name: HOSTILE,
  host: { id: 'host', ids: [], word: null, name: HOSTILE, forwarding: true, rows: [] },
  boxes: [
    {
      ...{ id: `netns:${HOSTILE}`, ids: [], word: 'added', name: HOSTILE, forwarding: true },
      rows: [{ id: 'x', ids: [], word: 'changed', sort: 'interface', name: HOSTILE, texts: [HOSTILE] }],
    },
  ],
  switches: [
    {
      id: 'bridge:x',
      ids: [],
      word: null,
      place: 'host',
      name: HOSTILE,
      subnets: [HOSTILE],
      vlans: [],
      addresses: [HOSTILE],
    },
  ],
  nics: [{ id: 'nic:x', ids: [], word: null, name: HOSTILE, addresses: [HOSTILE], existing: true }],
  wires: [
    {
      ...{ id: 'veth:x', ids: [], word: 'replaced', subnets: [HOSTILE], towards: 1, overlay: null },
      ends: [
        { node: `netns:${HOSTILE}`, port: HOSTILE },
        { node: 'bridge:x', port: null },
      ],
    },
  ],
  gates: [
    { id: 'nat:0', ids: [], word: null, sort: 'nat', name: HOSTILE, text: HOSTILE, inner: 'bridge:x', outer: null },
  ],
  outside: true,
};
