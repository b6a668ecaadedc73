/** One frame as it was on the wire. */
export type Packet = {
  /** Since 1970, by the kernel's clock when the frame came. */
  readonly seconds: number;
  readonly nanoseconds: number;
  /** How long it was; `bytes` is shorter when that is over 256 KiB. */
  readonly length: number;
  readonly bytes: Buffer;
};

/** LINKTYPE_* of pcap: what frames begin with. */
export const LINK_TYPE = { ethernet: 1, ip: 101 } as const;
