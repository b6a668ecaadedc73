import type { ModelLink, ModelVethPair, ModelVlans, ModelWiring } from '../model.ts';

/** Links by the LAN that they are on. */
export type LanForest = {
  /** The first bridge, else the first end of a cable or link of a kind of its own, of the LAN that a link stands for. */
  readonly rootOf: (link: ModelLink) => ModelLink;
  /** Makes one LAN of two. */
  readonly join: (left: ModelLink, right: ModelLink) => void;
};

/** The LANs that cables between ports, and joins, connect. `untagged`: where the frames of a port go that have no tag. */
export function createLanForest(
  vethPairs: readonly ModelVethPair[],
  joins: ModelWiring['joins'],
  untagged: ModelVlans['untagged'],
): LanForest {
  const parent = new Map<ModelLink, ModelLink>();
  const rootOf = (link: ModelLink): ModelLink => {
    let root = link;
    for (let up = parent.get(root); up; up = parent.get(root)) root = up;
    if (root !== link) parent.set(link, root);
    return root;
  };
  const join = (left: ModelLink, right: ModelLink): void => {
    const [a, b] = [rootOf(left), rootOf(right)];
    if (a === b) return;
    if (rank(b) > rank(a)) parent.set(a, b);
    else parent.set(b, a);
  };
  for (const { ends } of vethPairs) {
    const [left, right] = ends;
    const [one, other] = [untagged(left), untagged(right)];
    if (one && other) join(one, other);
  }
  const placeOf = (link: ModelLink): ModelLink => untagged(link) ?? link;
  for (const [one, other] of joins) join(placeOf(one), placeOf(other));
  return { rootOf, join };
}

const rank = ({ kind }: ModelLink): number => (kind === 'switch' ? 2 : kind === 'end' ? 1 : 0);
