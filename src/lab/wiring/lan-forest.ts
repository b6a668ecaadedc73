import type { ModelLink, ModelVethPair, ModelWiring } from '../model.ts';

/** Links by the LAN that they are on. */
export type LanForest = {
  /** The first bridge, else the first end of a cable or link of a kind of its own, of the LAN that a link stands for. */
  readonly rootOf: (link: ModelLink) => ModelLink;
  /** Makes one LAN of two. */
  readonly join: (left: ModelLink, right: ModelLink) => void;
};

/** The LANs that cables between ports, and joins, connect. */
export function createLanForest(vethPairs: readonly ModelVethPair[], joins: ModelWiring['joins']): LanForest {
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
    if (left.master && right.master) join(left.master, right.master);
  }
  for (const [one, other] of joins) join(one.master ?? one, other.master ?? other);
  return { rootOf, join };
}

const rank = ({ kind }: ModelLink): number => (kind === 'switch' ? 2 : kind === 'end' ? 1 : 0);
