/** Kernel settings by path below /proc/sys. */
export type SysctlInstruction =
  | { readonly do: 'sysctl.set'; readonly netns: string; readonly key: string; readonly value: string }
  /** Sets a key of a device where there is one; that it does not exist, as its device or IPv6 is not there, is not an error. */
  | { readonly do: 'sysctl.restore'; readonly netns: string; readonly key: string; readonly value: string };
