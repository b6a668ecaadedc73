import { childCursor, namedEntries, type SourceCursor } from '../../source/cursor.ts';
import type { TopologyGuardedBridge } from './topology.ts';

/** The bridges with `antiSpoofing: true`. */
export const readAntiSpoofing = (root: SourceCursor): readonly TopologyGuardedBridge[] => [
  ...readBridges('host', root),
  ...namedEntries(childCursor(root, 'namespaces')).flatMap(({ name, node }) => readBridges(name, node)),
];

const readBridges = (netns: string, place: SourceCursor): readonly TopologyGuardedBridge[] =>
  namedEntries(childCursor(place, 'bridges')).flatMap(({ name: bridge, node }) => {
    const written = childCursor(node, 'antiSpoofing');
    return written.value === true ? [{ netns, bridge, at: written.path }] : [];
  });
