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
};

/** A file of a namespace: `resolv.conf` and its text; the text is null of what is not a file. */
export type NetnsFile = { readonly netns: string; readonly name: string; readonly text: string | null };

/** Keys and values of a namespace's settings, by slash key. */
export type SysctlSettings = ReadonlyMap<string, string>;
