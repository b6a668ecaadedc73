import type { Path } from '../diagnostics/source-location.ts';
import type { Json } from '../json.ts';
import type { PortRange, Protocol } from '../topology.ts';

/** A network configuration list as the CNI specification has it: the plugins in the order in which they are called. */
export type CniConfig = {
  readonly cniVersion: string;
  readonly name: string;
  readonly plugins: readonly CniPluginConfig[];
  readonly [key: string]: Json;
};

/** One plugin of a list, with its keys as they stand. */
export type CniPluginConfig = { readonly type: string; readonly [key: string]: Json };

/** An interface of a namespace that the plugins of a CNI network make. */
export type LabAttachment = {
  readonly netns: string;
  readonly dev: string;
  readonly network: string;
  readonly config: CniConfig;
  /** The addresses that it will have, with prefix lengths; empty: only the plugins know. */
  readonly prefixes: readonly string[];
  /** What is asked for through `capabilities`, by the name of the capability. */
  readonly capabilities: { readonly [name: string]: Json };
  /** What is asked for through CNI_ARGS. */
  readonly args: readonly (readonly [string, string])[];
  /** The families whose default route may go through it; of others it is deleted. */
  readonly defaults: readonly (4 | 6)[];
  /** The links of the host that its plugins are configured to use. */
  readonly uses: readonly string[];
  readonly at: Path;
};

/** A port of the host that the plugins of a namespace's network lead to it. */
export type LabPublication = {
  readonly netns: string;
  readonly dev: string;
  /** Null: every address of the host. */
  readonly address: string | null;
  readonly hostPorts: PortRange;
  readonly ports: PortRange;
  readonly protocols: readonly Protocol[];
  readonly at: Path;
};
