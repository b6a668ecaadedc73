import type { FdbLive, MulticastEntryLive } from '../../model/kernel/live-state.ts';
import { unknownText } from '../../model/kernel/unknown-attribute.ts';
import type { ImportEndpoint, ImportModel } from '../model.ts';
import { importNetnsState } from '../model.ts';
import type { JsonMap } from '../result.ts';

/** `fdb` and `mdb` of a bridge: the entries that were written, and that the words can say. */
export function importTables(found: ImportModel, bridge: ImportEndpoint): JsonMap {
  const { netns, link } = bridge;
  const { live } = found.inventory;
  const fdb = (live.get({ need: 'forwarding-entries', netns }) ?? [])
    .filter((entry) => isImportedEntry(found, netns, entry) && bridgeOf(found, netns, entry.dev) === link.name)
    .map(({ dev, mac }) => ({ mac, ...(dev === link.name ? {} : { port: portName(found, netns, dev) }) }));
  const mdb = (live.get({ need: 'multicast-entries', netns }) ?? [])
    .filter((entry) => entry.bridge === link.name && isImportedGroup(entry))
    .map(({ dev, group }) => ({ group, port: portName(found, netns, dev) }));
  return { ...(fdb.length > 0 ? { fdb } : {}), ...(mdb.length > 0 ? { mdb } : {}) };
}

/** Whether an entry of a bridge is written as `fdb`: one of a VLAN is not, as the VLANs of ports are not. */
export function isImportedEntry(found: ImportModel, netns: string, entry: FdbLive): boolean {
  const bridge = bridgeOf(found, netns, entry.dev);
  const isKept = found.lans.some((lan) => lan.bridge.netns === netns && lan.bridge.link.name === bridge);
  return entry.to === null && isKept && unknownText(entry) === (entry.dev === bridge ? 'permanent' : 'static');
}

/** Whether an entry is written as `mdb`. */
export const isImportedGroup = (entry: MulticastEntryLive): boolean =>
  entry.vlan === null && unknownText(entry) === '' && entry.dev !== entry.bridge;

const bridgeOf = (found: ImportModel, netns: string, dev: string): string =>
  importNetnsState(found, netns)?.links.get(dev)?.master ?? dev;

/** A port as the tables name it: by the interface at its other end, or by its own name. */
function portName({ pairs }: ImportModel, netns: string, dev: string): string {
  const isPort = (end: ImportEndpoint): boolean => end.netns === netns && end.link.name === dev;
  const pair = pairs.find(({ near, far }) => isPort(near) || isPort(far));
  const other = pair && (isPort(pair.near) ? pair.far : pair.near);
  return other === undefined ? dev : `${other.netns}:${other.link.name}`;
}
