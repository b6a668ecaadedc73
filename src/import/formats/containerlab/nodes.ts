import { isName } from '../../../net/name.ts';
import type { JsonMap } from '../../result.ts';
import { mapEntries, mapValue, sanitizeName, textValue, textValues } from '../../yaml-values.ts';

/** A node of a containerlab file, with what its kind, its group and the defaults say merged in. */
export type ContainerlabNode = {
  /** As the file calls it. */
  readonly label: string;
  readonly name: string;
  readonly kind: string;
  readonly value: JsonMap;
  readonly exec: readonly string[];
  readonly binds: readonly string[];
};

/** The nodes by what they become. */
export type NodeGroups = {
  readonly all: readonly ContainerlabNode[];
  /** Bridges of the machine. */
  readonly bridges: readonly ContainerlabNode[];
  /** Bridges in the namespace of another node: `br01|sw` with `network-mode: container:sw`. */
  readonly innerBridges: readonly InnerBridge[];
  /** The machine itself. */
  readonly hosts: readonly ContainerlabNode[];
  /** Nodes with a namespace of their own. */
  readonly namespaces: readonly ContainerlabNode[];
  /** By node that shares another's namespace: that one. */
  readonly owners: ReadonlyMap<ContainerlabNode, ContainerlabNode>;
};

/** A bridge in the namespace of a node. */
export type InnerBridge = {
  readonly node: ContainerlabNode;
  readonly name: string;
  readonly owner: ContainerlabNode;
};

const BRIDGES = ['bridge', 'ovs-bridge'];

/** The nodes of a topology, sorted by what they become. */
export function containerlabNodes(topology: JsonMap): NodeGroups {
  const all = mapEntries(topology['nodes']).map(([label, value]) => nodeOf(label, mapValue(value), topology));
  const isBridge = ({ kind }: ContainerlabNode): boolean => BRIDGES.includes(kind);
  const ownerOf = (node: ContainerlabNode): ContainerlabNode | undefined => {
    const [, label] = /^container:(.+)$/.exec(textValue(node.value['network-mode']) ?? '') ?? [];
    return all.find((one) => one !== node && !isBridge(one) && one.label === label);
  };
  const innerBridges = all.filter(isBridge).flatMap((node): InnerBridge[] => {
    const owner = ownerOf(node);
    return owner ? [{ node, owner, name: sanitizeName(node.label.split('|')[0] ?? '') }] : [];
  });
  const owners = new Map(
    all
      .filter((node) => !isBridge(node))
      .flatMap((node) => {
        const owner = lastOwner(node, ownerOf);
        return owner ? [[node, owner] as const] : [];
      }),
  );
  const hosts = all.filter(({ kind }) => kind === 'host');
  return {
    all,
    bridges: all.filter((node) => isBridge(node) && !innerBridges.some((one) => one.node === node)),
    innerBridges,
    hosts,
    namespaces: all.filter((node) => !isBridge(node) && !hosts.includes(node) && !owners.has(node)),
    owners,
  };
}

/** The node at the end of a chain of shared namespaces. */
function lastOwner(
  node: ContainerlabNode,
  ownerOf: (node: ContainerlabNode) => ContainerlabNode | undefined,
): ContainerlabNode | undefined {
  const seen = new Set([node]);
  let owner = ownerOf(node);
  for (let next = owner && ownerOf(owner); owner && next && !seen.has(owner); next = ownerOf(owner)) {
    seen.add(owner);
    owner = next;
  }
  return owner;
}

function nodeOf(label: string, own: JsonMap, topology: JsonMap): ContainerlabNode {
  const defaults = mapValue(topology['defaults']);
  const group = mapValue(mapValue(topology['groups'])[textValue(own['group']) ?? '']);
  const kind = [own, group, defaults].map((one) => textValue(one['kind'])).find((one) => one !== null) ?? 'linux';
  const layers = [defaults, mapValue(mapValue(topology['kinds'])[kind]), group, own];
  const sysctls = Object.assign({}, ...layers.map((one) => mapValue(one['sysctls'])));
  return {
    ...{ label, kind, name: sanitizeName(label) },
    value: { ...Object.assign({}, ...layers), kind, sysctls },
    exec: layers.flatMap((one) => textValues(one['exec'])),
    binds: layers.flatMap((one) => textValues(one['binds'])),
  };
}

/** The names of nodes that a topology calls otherwise. */
export const renamedNodes = ({ all, innerBridges }: NodeGroups): readonly string[] =>
  all
    .filter((node) => node.name !== node.label && !innerBridges.some((one) => one.node === node))
    .map(
      ({ label, name }) =>
        `the name ${label} of a node${isName(label) ? ', which is reserved' : ''}; here it is ${name}`,
    );
