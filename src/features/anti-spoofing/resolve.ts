import { isOfOpenVswitch } from '../../kinds/links/ovs/vlans.ts';
import type { FeatureContext } from '../../lab/registers.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../model/diagnostics/source-location.ts';
import { type LabGuardedBridge, writtenGuardedBridges } from './topology.ts';

/** The bridges by the kernel's names. Frames of Open vSwitch pass no netfilter: that is reported, and the bridge left out. */
export const resolveAntiSpoofing = ({ world }: Pick<FeatureContext, 'world'>): readonly LabGuardedBridge[] =>
  writtenGuardedBridges(world.topology).flatMap(({ netns, bridge: label, at }) => {
    const bridge = world.wiring.bridges.find((one) => one.netns === netns && one.label === label);
    if (!bridge) return [];
    if (!isOfOpenVswitch(bridge.own)) return [{ netns, bridge: bridge.name, at }];
    const message = `antiSpoofing is of bridges of the kernel; ${label} is one of Open vSwitch`;
    const hint = 'leave it out, and write what may pass as `flows`';
    world.report(makeDiagnostic('bad-value', atKey(at), message, { hint }));
    return [];
  });
