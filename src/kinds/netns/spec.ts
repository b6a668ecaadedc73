/** Slash keys below /proc/sys in the order of writing; only those that name no device. */
export type NetnsSpec = {
  readonly name: string;
  readonly sysctls: NetnsSysctls;
  /** Of those of `sysctls` that the file does not name any more: what a new namespace has. */
  readonly fresh?: NetnsSysctls;
  /** Of one that is not ours. */
  readonly former?: OriginalNetnsState;
};

/** Values by slash key: `net/ipv4/ip_forward`. */
export type NetnsSysctls = { readonly [key: string]: string };

/** What is changed besides the sysctls when a namespace is taken over. */
export type OriginalNetnsState = {
  /** Of `lo`. */
  readonly alias: string | null;
  readonly up: boolean;
  /** Whether `lo` had 127.0.0.1, which the kernel gives to it when it is set up. */
  readonly loopback: boolean;
  /** Settings that the kernel overwrites when forwarding is switched. */
  readonly devices: NetnsSysctls;
};
