import type { MachineCheck } from '../checks/check.ts';
import type { LanguageSection } from '../kinds/language-section.ts';
import type { NftPart } from '../kinds/nft/part.ts';
import type { ModelNetwork } from '../lab/model.ts';
import type { FeatureResolver } from '../lab/registers.ts';
import type { LabCheck } from '../model/diagnostics/check-doc.ts';
import type { FilePlaces } from '../model/files/file-places.ts';
import type { Spec } from '../model/json.ts';
import type { LiveState, Query } from '../model/kernel/need.ts';
import type { Kind } from '../model/kind.ts';
import type { GrantNeed } from '../model/results/grant.ts';
import type { Topology } from '../model/topology.ts';
import type { FeatureDrawing } from '../picture/model/feature-drawing.ts';
import type { FeatureReader, KeyWords } from '../source/topology-readers.ts';

/** Properties of one object of the JSON Schema. */
export type SchemaProperties = { readonly [key: string]: Spec };

/**
 * Words of the language that stand for several things. A feature reads its words, resolves them, and adds to the registers
 * of the lab; kinds make resources of those. It knows kinds, and no other feature; nothing but the registry knows it.
 */
export type Feature = {
  /** Under this name stands what it has read and resolved. */
  readonly name: string;
  /** Features add to the registers in the order of their ranks, lowest first. */
  readonly rank: number;
  /** The keys that it adds: at top level, under `host`, in a namespace, at bridges, interfaces and cables; and the definitions that they refer to. */
  readonly schema: {
    readonly topology: SchemaProperties;
    readonly host?: SchemaProperties;
    readonly namespace: SchemaProperties;
    readonly switch?: SchemaProperties;
    readonly interface?: SchemaProperties;
    readonly cable?: SchemaProperties;
    readonly definitions?: SchemaProperties;
  };
  /** Words of other tools, in lower case without `-` and `_`, with the keys of this feature that they can stand for. */
  readonly otherTools?: KeyWords['otherTools'];
  readonly read: FeatureReader;
  /** What it has to know of the machine to resolve its words. Left out: nothing. */
  readonly asks?: (topology: Topology, places: FilePlaces) => Query;
  /** What its words do beyond wires, for a machine that takes topologies from a repository. Left out: nothing. */
  readonly grants?: (topology: Topology) => readonly GrantNeed[];
  /** The CNI networks of a topology. Left out: it knows none. */
  readonly networks?: (topology: Topology, live: LiveState) => readonly ModelNetwork[];
  readonly resolve: FeatureResolver;
  /** The addresses that a recorded resource has given out, which stay, by a key of its own. Left out: none. */
  readonly recordedAddresses?: (
    spec: Spec,
  ) => readonly { readonly key: string; readonly prefixes: readonly string[] }[];
  /** Its rules in the lab's nftables table. */
  readonly nft?: NftPart;
  /** Kinds of resources that only it makes. */
  readonly kinds?: readonly Kind[];
  /** How it is drawn. Left out: not at all. */
  readonly draw?: FeatureDrawing;
  readonly checks?: readonly LabCheck[];
  readonly machineChecks?: readonly MachineCheck[];
  /** Its sections of docs/language.md. */
  readonly docs: readonly LanguageSection[];
};

/** A feature, checked to be whole. */
export const defineFeature = (feature: Feature): Feature => feature;
