import type { LinkKinds } from '../model/link-kind.ts';
import type { TopologyFile } from '../model/topology.ts';
import type { SourceCursor, SourceDiagnosticReporter } from './cursor.ts';

/** Reads the entries of one kind of file from the root of a topology. */
export type FileReader = (root: SourceCursor, report: SourceDiagnosticReporter) => readonly TopologyFile[];

/**
 * Where the words of one namespace stand. Those of the host stand at top level (`shared`) when they mean the same in a
 * namespace, and under `host` (`own`) otherwise; in a namespace both are the same place.
 */
export type NetnsCursors = { readonly shared: SourceCursor; readonly own: SourceCursor; readonly isHost: boolean };

/** Reads the words of one feature. What it gives is stored under the feature's name; left out: it has none there. */
export type FeatureReader = {
  readonly lab?: (root: SourceCursor, report: SourceDiagnosticReporter) => unknown;
  readonly netns?: (at: NetnsCursors, report: SourceDiagnosticReporter) => unknown;
};

/** The readers of the words that kinds and features bring into the language; this layer knows none of them by name. */
export type TopologyReaders = {
  readonly files: readonly FileReader[];
  readonly features: readonly { readonly name: string; readonly read: FeatureReader }[];
  readonly linkKinds: LinkKinds;
} & KeyWords;

/** What is known of the keys of features, for hints about keys in the wrong place and words of other tools. */
export type KeyWords = {
  /** The keys that at top level mean the host's. */
  readonly hostKeys: readonly string[];
  /** Words of other tools, in lower case without `-` and `_`, with the keys that they can stand for. */
  readonly otherTools: { readonly [word: string]: readonly string[] };
};
