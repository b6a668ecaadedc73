/**
 * What one DNS server of a lab answers, whatever its program. Names are absolute, in lower case and without the last dot;
 * a wildcard begins with `*.`. Addresses are canonical text.
 */
export type DnsData = {
  /** In the order of the file. Every name of a zone is in it or below it. */
  readonly zones: readonly DnsZone[];
  /** Names outside of the zones: those of namespaces without a domain. Each with one address. */
  readonly names: readonly { readonly name: string; readonly address: string }[];
  /** The name that an address answers to in reverse, once for each address; not those with a PTR record of their own. */
  readonly reverse: readonly { readonly address: string; readonly name: string }[];
  /** Who is asked what the server does not know itself; the zone null: all the rest. */
  readonly forwards: readonly DnsForward[];
  /** Where it listens; null: at every address of its namespace. */
  readonly listen: readonly string[] | null;
};

/** A zone, which the server answers for by itself: what is not in it does not exist. */
export type DnsZone = { readonly name: string; readonly records: readonly DnsRecord[] };

/** One record of a zone. */
export type DnsRecord = { readonly name: string } & (
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly type: 'CNAME' | 'PTR' | 'NS'; readonly target: string }
  | { readonly type: 'MX'; readonly preference: number; readonly target: string }
  | {
      readonly type: 'SRV';
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    }
  /** Texts of one character for each byte, 255 at most. */
  | { readonly type: 'TXT'; readonly texts: readonly string[] }
);

/** The servers that are asked about a zone, or about all the rest. */
export type DnsForward = { readonly zone: string | null; readonly servers: readonly string[] };

/** The programs that can be a lab's DNS server. */
export type DnsEngine = 'dnsmasq' | 'unbound' | 'coredns';
