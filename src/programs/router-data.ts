import { isIPv6 } from 'node:net';

/** A session with another router: at an address, of an AS; `accept`: the networks that it may bring, null: all. */
export type BgpSession = {
  readonly name: string;
  readonly address: string;
  /** The link of a link-local address; null: the address is another one. */
  readonly dev: string | null;
  /** The networks that it is about; both where it needs no addresses of theirs (RFC 8950). */
  readonly families: readonly (4 | 6)[];
  readonly asn: number;
  /** Whether they share a LAN: its session ends with the link. */
  readonly isDirect: boolean;
  readonly accept: readonly string[] | null;
};

/** What a router says and hears. */
export type RouterData = {
  readonly routerId: string;
  /** The only links whose networks it knows of. Left out: all. */
  readonly links?: readonly string[];
  readonly bgp: {
    readonly asn: number;
    readonly sessions: readonly BgpSession[];
    /** The networks that it tells others about, besides what it has heard. */
    readonly networks: readonly string[];
    readonly connected: boolean;
  } | null;
  readonly ospf: {
    readonly area: string;
    /** With the families in which another router is expected there. */
    readonly interfaces: readonly { readonly dev: string; readonly families: readonly (4 | 6)[] }[];
    readonly passive: readonly string[];
  } | null;
};

/** The family of an address or a network. */
export const networkFamily = (text: string): 4 | 6 => (isIPv6(text.replace(/\/.*/, '')) ? 6 : 4);
