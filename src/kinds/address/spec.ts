/**
 * All the lab's addresses of one link: `10.0.0.1/24`, in the order in which they are given to it. `existing`: the link is
 * the machine's own. `former`: those of them that another gave to the link, each with its IFA_PROTO (0: none).
 */
export type AddressSpec = {
  readonly dev: string;
  readonly prefixes: readonly string[];
  readonly existing: boolean;
  readonly former?: { readonly [prefix: string]: number };
};
