import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { FirewallEntry, FirewallRule, FirewallVerdict } from '../../model/lab-parts/firewall-rule.ts';
import type { TopologyPeer, TopologyPeerPort } from '../../model/lab-parts/peer.ts';
import type { TopologyNetns, TopologyValue } from '../../model/topology.ts';
import { featureValueOf } from '../feature-values.ts';

/** An entry under `allow` or `deny`; null: not written, which is everything. */
export type TopologyFirewallEntry = {
  readonly at: Path;
  readonly sort: FirewallEntry['sort'];
  readonly from: readonly TopologyValue<TopologyPeer>[] | null;
  readonly to: readonly TopologyValue<TopologyPeer>[] | null;
  readonly in: readonly TopologyValue<string>[] | null;
  readonly out: readonly TopologyValue<string>[] | null;
  /** As they are written: `icmp`, `47`. */
  readonly proto: readonly TopologyValue<string>[] | null;
  readonly ports: readonly TopologyValue<TopologyPeerPort>[] | null;
  readonly reject: boolean;
  /** A text that its lines in the log begin with; true: one is made. */
  readonly log: string | boolean;
};

/** `firewall` of a namespace, or of the machine. */
export type TopologyFirewall = {
  readonly at: Path;
  readonly input: FirewallVerdict;
  readonly forward: FirewallVerdict;
  readonly output: FirewallVerdict;
  readonly log: boolean;
  readonly clampMss: boolean;
  readonly entries: readonly TopologyFirewallEntry[];
};

/** What is written in a namespace; null: nothing. */
export const writtenFirewall = featureValueOf<TopologyNetns, TopologyFirewall | null>('firewall', null);

/** The firewall of one namespace. */
export type LabFirewall = {
  readonly netns: string;
  readonly at: Path;
  readonly rules: readonly { readonly rule: FirewallRule; readonly at: Path }[];
  /** Names of ports that no namespace at the receiving end has. */
  readonly unknownPorts: readonly TopologyValue<string>[];
};

/** All firewalls of a lab: whole when all features have added to the registers. */
export const labFirewalls = featureValueOf<Lab, readonly LabFirewall[]>('firewall', []);
