import { fileKinds } from '../kinds/files/index.ts';
import type { LabResolvers } from '../lab/registers.ts';
import { resolveLab } from '../lab/resolve.ts';
import type { FilePlaces } from '../model/files/file-places.ts';
import type { Spec } from '../model/json.ts';
import { type LiveState, type Query, toLiveState } from '../model/kernel/need.ts';
import type { CurrentAddresses, Lab } from '../model/lab.ts';
import type { Topology } from '../model/topology.ts';
import { readTopology, type TopologyLoadOptions, type TopologyLoadResult } from '../source/load.ts';
import type { KeyWords, TopologyReaders } from '../source/topology-readers.ts';
import { features } from './features.ts';
import { linkKinds } from './kinds.ts';

/** The readers of the words of every kind and feature. */
export const topologyReaders: TopologyReaders = {
  files: fileKinds.map(({ read }) => read),
  features,
  linkKinds,
  otherTools: mergeWords(features.map(({ otherTools = {} }) => otherTools)),
  hostKeys: features.flatMap(({ schema: { topology, namespace, host = {} } }) =>
    Object.keys(topology).filter((key) => key in namespace && !(key in host)),
  ),
};

/** The words of all features: one that several know can stand for a key of each. */
function mergeWords(lists: readonly KeyWords['otherTools'][]): KeyWords['otherTools'] {
  const merged: { [word: string]: readonly string[] } = {};
  for (const words of lists) {
    for (const [word, keys] of Object.entries(words)) merged[word] = [...(merged[word] ?? []), ...keys];
  }
  return merged;
}

/** Reads a topology with the words of every kind and feature. Every mistake of form is in `diagnostics`; never throws. */
export const loadTopology = (input: string | Uint8Array, options: TopologyLoadOptions): TopologyLoadResult =>
  readTopology(input, options, topologyReaders);

/** `macSeed`: what generated MACs are made from; left out: the lab's name. `live`: the answers to `elaborationQuery`. `secretOf`: the bytes of the lab's secrets. `places`: where the files are that it names. */
type TopologyElaboration = Partial<Pick<LabResolvers, 'macSeed' | 'live' | 'secretOf' | 'places'>>;

const NOTHING_KNOWN = { live: toLiveState([], 0) };

/** The addresses that features have given out, as a recorded resource says. */
export const recordedFeatureAddresses = (spec: Spec) =>
  features.flatMap(({ recordedAddresses }) => recordedAddresses?.(spec) ?? []);

/** What has to be known of the machine to resolve a topology. */
export const elaborationQuery = (topology: Topology, places: FilePlaces): Query => [
  ...features.flatMap(({ asks }) => asks?.(topology, places) ?? []),
  ...(topology.host.interfaces.some(({ existingMac }) => existingMac)
    ? [{ need: 'namespace', netns: 'host' } as const]
    : []),
];

/**
 * Resolves a topology with every kind and feature. `current` holds the addresses that links have now. Never throws: what
 * cannot be resolved is in `problems` and left out.
 */
export const elaborateTopology = (topology: Topology, current: CurrentAddresses, more: TopologyElaboration = {}): Lab =>
  resolveLab(topology, current, {
    files: fileKinds.map(({ resolve }) => resolve),
    features,
    linkKinds,
    networks: readNetworks(topology, more.live ?? NOTHING_KNOWN.live),
    macSeed: topology.name,
    ...NOTHING_KNOWN,
    ...more,
  });

const readNetworks = (topology: Topology, live: LiveState): LabResolvers['networks'] =>
  new Map(features.flatMap(({ networks }) => networks?.(topology, live) ?? []).map((one) => [one.name, one]));
