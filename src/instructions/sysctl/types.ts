/** Kernel settings by path below /proc/sys. */
export type SysctlInstruction =
  | { readonly do: 'sysctl.set'; readonly netns: string; readonly key: string; readonly value: string }
  /** Gives an unmanaged device its own setting back; that the key no longer exists, with its device, is not an error. */
  | { readonly do: 'sysctl.restore'; readonly netns: string; readonly key: string; readonly value: string };
