import type { LiveState } from './need.ts';

/** The facts that an import can use, of namespaces and, with `host` among them, of the machine itself. */
export type ImportFacts = {
  readonly live: LiveState;
  /** Names under /run/netns that were looked at, in the order in which they are to be written. */
  readonly namespaces: readonly string[];
  /** By namespace: settings that differ from the kernel's defaults, by slash key. */
  readonly sysctls: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** By namespace: links whose MAC was set rather than chosen by the kernel; a namespace that is missing: not known. */
  readonly writtenMacs: ReadonlyMap<string, ReadonlySet<string>>;
  /** The files below /etc/netns. */
  readonly files: readonly NetnsFile[];
  /** The Open vSwitches that run. */
  readonly switches: readonly ImportedSwitch[];
};

/** An Open vSwitch, by its database. `netns`: where its bridges are, as far as is known; `lab` null: it is not a lab's. */
export type ImportedSwitch = {
  readonly netns: string;
  readonly lab: string | null;
  readonly bridges: readonly string[];
  readonly ports: readonly { readonly name: string; readonly bridge: string }[];
};

/** A file of a namespace: `resolv.conf` and its text; the text is null of what is not a file. */
export type NetnsFile = { readonly netns: string; readonly name: string; readonly text: string | null };

/** Keys and values of a namespace's settings, by slash key. */
export type SysctlSettings = ReadonlyMap<string, string>;
