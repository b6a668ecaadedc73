/** All the lab's addresses of one link: `10.0.0.1/24`, sorted. `existing`: the link is the machine's own. */
export type AddressSpec = { readonly dev: string; readonly prefixes: readonly string[]; readonly existing: boolean };
