/** Kernel settings by path below /proc/sys, such as `net/ipv4/ip_forward`. */
export type SysctlValues = { readonly [key: string]: string };

/** Network namespaces with a name under /run/netns. */
export type NetnsInstruction =
  /** Makes a namespace, marks its `lo` and sets it up, writes the sysctls, and only then publishes the name. */
  | { readonly do: 'netns.add'; readonly netns: string; readonly mark: string; readonly sysctls: SysctlValues }
  /** `leftover`: also what an interrupted publication leaves, an empty file of mode 000. */
  | { readonly do: 'netns.delete'; readonly netns: string; readonly leftover?: true }
  /** Makes a symbolic link under /run/netns to the namespace of another program; in place of the one to `former`, if any. */
  | { readonly do: 'netns.link'; readonly netns: string; readonly target: string; readonly former: string | null }
  /** Removes such a link, if it still leads to `target`. */
  | { readonly do: 'netns.unlink'; readonly netns: string; readonly target: string };
