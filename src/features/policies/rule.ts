import type { PeerNetwork, PeerPorts } from '../../model/lab-parts/peer.ts';

/** What comes in, or what goes out. */
export type PolicyDirection = 'ingress' | 'egress';

/** One way to be let through. `peers`: networks in canonical text, null: everybody; `ports`: null: all, of every protocol. */
export type PolicyPass = {
  readonly peers: readonly PeerNetwork[] | null;
  readonly ports: readonly PeerPorts[] | null;
};

/**
 * What may pass to (`ingress`) or from (`egress`) namespaces that the same policies isolate, as states record it. `own`: it is enforced in
 * the namespace itself, whose only entry it is; otherwise where their packets pass. `nodes`: the addresses of nodes
 * and of services that always pass: of `own`, and where packets pass before they are translated.
 */
export type PolicyRule = {
  readonly direction: PolicyDirection;
  readonly own: boolean;
  readonly policies: readonly string[];
  readonly pods: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly passes: readonly PolicyPass[];
  readonly nodes: readonly string[];
};
