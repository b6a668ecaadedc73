import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import { featureValueOf } from '../feature-values.ts';

/** The name files of one namespace, or of the host (only `hosts` then). */
export type LabHostsFiles = {
  readonly netns: string;
  /** In order; each address with the names that it answers to. The loopback lines of a namespace are not among them. */
  readonly hosts: readonly { readonly address: string; readonly names: readonly string[] }[];
  /**
   * The machine's own name, which programs ask for as they start (sudo, `http.server` of Python): without a line it would be asked of a
   * server that is perhaps not reached from there. Null: it has none, or it is not known.
   */
  readonly machine: string | null;
  readonly search: readonly string[];
  readonly nameservers: readonly string[];
  readonly options: readonly string[];
  /** For nsswitch.conf; null: not written. */
  readonly order: readonly string[] | null;
  readonly at: Path;
};

/** The name files of every namespace that has any, and of the host when it asks for them. */
export const nameFilesOf = featureValueOf<Lab, readonly LabHostsFiles[]>('names', []);
