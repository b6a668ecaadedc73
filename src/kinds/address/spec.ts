/**
 * All the lab's addresses of one link: `10.0.0.1/24`, in the order in which they are given to it. `existing`: the link is
 * the machine's own. `peers`: the other ends of point-to-point addresses, by prefix. `former`: those of them that another
 * gave to the link, each with its IFA_PROTO (0: none); `details`: what else these had, so that it can be restored.
 */
export type AddressSpec = {
  readonly dev: string;
  readonly prefixes: readonly string[];
  readonly existing: boolean;
  readonly peers?: { readonly [prefix: string]: string };
  readonly former?: { readonly [prefix: string]: number };
  readonly details?: { readonly [prefix: string]: AddressDetails };
};

/** What an address of another program may have besides: netform keeps it while it has the address, and restores it. */
export type AddressDetails = { readonly label?: string; readonly broadcast?: string };
