import { comparedPortSettings, VETH_COST } from '../../net/bridge-port.ts';
import type { ImportEndpoint, ImportModel } from '../model.ts';
import type { JsonMap } from '../result.ts';

/** What `port` says of a port of a bridge. `hasForwards`: hairpin is there for port forwards, which turn it on by themselves. */
export function importPortSettings(
  { linkKinds }: ImportModel,
  { link }: ImportEndpoint,
  hasForwards: boolean,
): JsonMap {
  const usual = linkKinds.get(link.kind ?? '')?.pair ? [VETH_COST] : undefined;
  const settings = comparedPortSettings(link.port ?? {}, undefined, usual);
  return link.hairpin === true && !hasForwards ? { ...settings, hairpin: true } : settings;
}
