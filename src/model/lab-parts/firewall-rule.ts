import type { PeerNetwork, PeerPorts } from './peer.ts';

/** What becomes of a packet. */
export type FirewallVerdict = 'accept' | 'drop' | 'reject';

/** Where a packet is going: to a program of the namespace, through it, or out from a program. */
export type FirewallDirection = 'input' | 'forward' | 'output';

/**
 * What becomes of packets that no rule is about, as states record it. `links`: of the machine, the only ones whose packets
 * are looked at; null: of a namespace, all but lo. `lans`: bridges, with the networks between whose members nothing is filtered.
 */
export type FirewallDefaults = {
  readonly sort: 'defaults';
  readonly verdicts: { readonly [direction in FirewallDirection]: FirewallVerdict };
  readonly log: boolean;
  readonly clampMss: boolean;
  readonly links: readonly string[] | null;
  readonly lans: readonly { readonly dev: string; readonly subnets: readonly string[] }[];
};

/** One way for a packet to fit a rule. Null: it is not looked at. Protocols are words or numbers of IP. */
export type FirewallMatch = {
  readonly to: readonly PeerNetwork[] | null;
  readonly ports: readonly PeerPorts[] | null;
  readonly protocols: readonly string[] | null;
};

/** A rule of a firewall, as states record it. `label`: as it is written, `from guests to lan`. */
export type FirewallEntry = {
  readonly sort: 'deny' | 'allow';
  readonly label: string;
  readonly verdict: FirewallVerdict;
  /** What its lines in the kernel's log begin with; null: it is not logged. */
  readonly log: string | null;
  readonly in: readonly string[] | null;
  readonly out: readonly string[] | null;
  readonly from: readonly PeerNetwork[] | null;
  readonly matches: readonly FirewallMatch[];
};

/** One thing that a firewall consists of. */
export type FirewallRule = FirewallDefaults | FirewallEntry;
