import type { Path } from '../../model/diagnostics/source-location.ts';
import type { OvsMirror } from '../../model/kernel/ovs-live.ts';
import type { Lab } from '../../model/lab.ts';
import type { Topology, TopologyRef, TopologyValue, TopologyVlanRef } from '../../model/topology.ts';
import { featureValueOf } from '../feature-values.ts';

/** The flows and mirrors of one bridge, as they are written. */
export type TopologySwitchRules = {
  readonly netns: string;
  readonly bridge: string;
  /** Null: not written. */
  readonly flows: { readonly items: readonly TopologyValue<string>[]; readonly at: Path } | null;
  readonly mirrors: readonly TopologyMirror[];
};

/** A mirror as it is written. `of` null: all ports; `vlans` null: frames of any VLAN and of none. */
export type TopologyMirror = {
  readonly name: string;
  readonly at: Path;
  readonly of: readonly TopologyValue<TopologyRef>[] | null;
  readonly direction: 'both' | 'in' | 'out';
  readonly vlans: readonly TopologyValue<TopologyVlanRef>[] | null;
  readonly to: TopologyValue<TopologyRef>;
};

/** The flows of one bridge, with the kernel's names of its ports in quotes. */
export type LabSwitchFlows = {
  readonly netns: string;
  readonly bridge: string;
  readonly flows: readonly { readonly text: string; readonly at: Path }[];
  /** The ports that they name. */
  readonly ports: readonly string[];
  readonly at: Path;
};

/** A mirror of one bridge. */
export type LabMirror = OvsMirror & {
  readonly netns: string;
  readonly bridge: string;
  readonly name: string;
  readonly to: string;
  readonly at: Path;
};

export type LabSwitchRules = { readonly flows: readonly LabSwitchFlows[]; readonly mirrors: readonly LabMirror[] };

/** What is written at the bridges of a topology. */
export const writtenSwitchRules = featureValueOf<Topology, readonly TopologySwitchRules[]>('switch-rules', []);

/** The flows and mirrors of a lab. */
export const labSwitchRules = featureValueOf<Lab, LabSwitchRules>('switch-rules', { flows: [], mirrors: [] });
