import type { Path } from '../../model/diagnostics/source-location.ts';
import type { ProcessReady, ProcessRestart } from '../../model/kernel/lab-process.ts';
import type { Lab } from '../../model/lab.ts';
import type { Topology, TopologyNetns, TopologyValue } from '../../model/topology.ts';
import type { AnsweredPort } from '../../source/normalise/netns/answered-ports.ts';
import { featureValueOf } from '../feature-values.ts';

/** One entry under `run`. */
export type TopologyProgram = {
  readonly name: string;
  readonly at: Path;
  readonly command: TopologyValue<readonly [string, ...(readonly string[])]>;
  readonly workdir: string;
  readonly user: TopologyValue<string> | null;
  readonly env: { readonly [name: string]: string };
  readonly ports: readonly TopologyValue<AnsweredPort>[];
  /** Null: not written. */
  readonly ready: ProcessReady | null;
  readonly readySeconds: number;
  readonly restart: TopologyValue<ProcessRestart>;
  /** `http`, or `db/postgres` of another namespace. */
  readonly after: readonly TopologyValue<string>[];
  readonly capabilities: readonly string[];
};

/** One entry under `files`. */
export type TopologySeenFile = {
  /** At which programs see it. */
  readonly path: string;
  readonly at: Path;
  /** The text itself, or the path of a file beside the topology. */
  readonly bytes: { readonly content: string } | { readonly from: TopologyValue<string> };
  /** In octal digits, without leading zeros. */
  readonly mode: string;
};

export type TopologyRun = {
  readonly programs: readonly TopologyProgram[];
  readonly files: readonly TopologySeenFile[];
};

/** What `run` and `files` of a namespace, or `run` of the host, say. */
export const netnsRun = featureValueOf<TopologyNetns, TopologyRun>('run', { programs: [], files: [] });

/** Every namespace and the host, with what they say. */
export const writtenRuns = ({ namespaces, host }: Topology): readonly WrittenRun[] =>
  [...namespaces, host].map((one) => ({
    netns: one.name,
    isContainer: one.container !== null,
    ...netnsRun(one),
  }));

/** What one namespace says. */
export type WrittenRun = TopologyRun & { readonly netns: string; readonly isContainer: boolean };

/** What is to become of a program that has ended; systemd does not start one in the network of a container. */
export type LabRestart = TopologyValue<ProcessRestart> & { readonly isInContainer: boolean };

/** What the checks of this machine need to know of `run` and `files`. */
export type LabRun = {
  readonly restarts: readonly LabRestart[];
  readonly files: readonly { readonly netns: string; readonly path: string; readonly at: Path }[];
  /** The whole paths of the files whose bytes programs see. */
  readonly sources: readonly TopologyValue<string>[];
};

/** What the checks of this machine need to know of `run` and `files`. */
export const labRun = featureValueOf<Lab, LabRun>('run', { restarts: [], files: [], sources: [] });
