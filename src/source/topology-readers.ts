import type { TopologyFile } from '../model/topology.ts';
import type { SourceCursor, SourceDiagnosticReporter } from './cursor.ts';

/** Reads the entries of one kind of file from the root of a topology. */
export type FileReader = (root: SourceCursor, report: SourceDiagnosticReporter) => readonly TopologyFile[];

/** The readers of the words that kinds and features bring into the language; this layer knows none of them by name. */
export type TopologyReaders = { readonly files: readonly FileReader[] };
