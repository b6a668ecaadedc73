/** Ports from the first to the last, both included. */
export type PortRange = { readonly first: number; readonly last: number };

/** A protocol that has ports. */
export type Protocol = 'tcp' | 'udp' | 'sctp';
