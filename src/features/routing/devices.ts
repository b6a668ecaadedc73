import type { LabModel, ModelLink } from '../../lab/model.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { TopologyValue } from '../../model/topology.ts';

/** An interface of a namespace by the name that the file has for it. Null, and reported: there is none. */
export function findDevice(world: LabModel, netns: string, { value, at }: TopologyValue<string>): ModelLink | null {
  const device = world.wiring.devices.get(netns)?.get(value);
  if (device) return device;
  const known = [...new Set([...(world.wiring.devices.get(netns)?.values() ?? [])].map(({ label }) => label))];
  const hint = `there are ${known.join(', ')}`;
  world.report(makeDiagnostic('unknown-interface', atValue(at), `${netns} has no interface ${value}`, { hint }));
  return null;
}
