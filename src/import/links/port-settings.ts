import type { PortVlanLive } from '../../model/kernel/live-state.ts';
import { comparedPortSettings, VETH_COST } from '../../net/bridge-port.ts';
import { type ImportEndpoint, type ImportModel, importNetnsState } from '../model.ts';
import type { JsonMap } from '../result.ts';
import { portVlanWords } from './port-vlans.ts';

/** The VLANs of a port of a bridge that keeps them apart; null: there are none. */
export const portVlans = (found: ImportModel, { netns, link }: ImportEndpoint): readonly PortVlanLive[] | null => {
  const isAware = importNetnsState(found, netns)?.links.get(link.master ?? '')?.options?.['vlanFiltering'] === true;
  return isAware ? (found.inventory.live.get({ need: 'bridge-vlans', netns })?.get(link.name) ?? []) : null;
};

/** What `port` says of a port of a bridge. `hasForwards`: hairpin is there for port forwards, which turn it on by themselves. */
export function importPortSettings(found: ImportModel, end: ImportEndpoint, hasForwards: boolean): JsonMap {
  const { link } = end;
  const usual = found.linkKinds.get(link.kind ?? '')?.pair ? [VETH_COST] : undefined;
  const settings = comparedPortSettings(link.port ?? {}, undefined, usual);
  const vlans = portVlans(found, end);
  const words = { ...settings, ...(vlans === null ? {} : portVlanWords(vlans)) };
  return link.hairpin === true && !hasForwards ? { ...words, hairpin: true } : words;
}
