import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab } from '../../model/lab.ts';
import type { Topology } from '../../model/topology.ts';
import { featureValueOf } from '../feature-values.ts';

/** A bridge whose ports are held to their addresses, by the name that the file gives it. */
export type TopologyGuardedBridge = { readonly netns: string; readonly bridge: string; readonly at: Path };

/** Such a bridge by the kernel's name. */
export type LabGuardedBridge = TopologyGuardedBridge;

/** What is written at the bridges of a topology. */
export const writtenGuardedBridges = featureValueOf<Topology, readonly TopologyGuardedBridge[]>('anti-spoofing', []);

/** The bridges of a lab. */
export const labGuardedBridges = featureValueOf<Lab, readonly LabGuardedBridge[]>('anti-spoofing', []);
