/** Addresses of links. IPv6 addresses are always added with IFA_F_NODAD. `peer`: the other end of a point-to-point address. */
export type AddressInstruction =
  /** `protocol` (IFA_PROTO) only on links that are not ours; `label` and `broadcast` of an address that is restored. */
  | {
      readonly do: 'address.add';
      readonly netns: string;
      readonly dev: string;
      readonly prefix: string;
      readonly peer?: string;
      readonly label?: string;
      readonly broadcast?: string;
      readonly protocol: number | null;
    }
  /** `existing`: the link is the machine's own, and IPv4 addresses that are secondary to this one have to stay. */
  | {
      readonly do: 'address.delete';
      readonly netns: string;
      readonly dev: string;
      readonly prefix: string;
      readonly peer?: string;
      readonly existing?: boolean;
    }
  /** Gives an existing address another IFA_PROTO; 0: none. Where the kernel keeps none, nothing changes. */
  | {
      readonly do: 'address.mark';
      readonly netns: string;
      readonly dev: string;
      readonly prefix: string;
      readonly peer?: string;
      readonly protocol: number;
    };
