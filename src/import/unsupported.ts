import type { PortVlanLive } from '../model/kernel/live-state.ts';
import { unknownText } from '../model/kernel/unknown-attribute.ts';
import { FLOOD_MAC } from '../net/mac.ts';
import { formatVlanRange } from '../net/vlan.ts';
import { isImportedEntry, isImportedGroup } from './links/bridge-tables.ts';
import { isImpairment } from './links/impairments.ts';
import { portVlans } from './links/port-settings.ts';
import { portVlanWords } from './links/port-vlans.ts';
import { endpointAddresses, type ImportModel, importEndpointKey, importNetnsState, netnsDisplayName } from './model.ts';

/** The protocol of an address that the kernel made (IFAPROT_KERNEL_LL, linux/if_addr.h). */
const IFAPROT_KERNEL_LL = 3;
const MARK = 'netform:v1:';

/** Reports what the imported links of a place have that a topology cannot say. `interfaces`: those that the topology writes, by `netns/name`. */
export function reportUnsupported(found: ImportModel, netns: string, interfaces: ReadonlyMap<string, unknown>): void {
  const place = netnsDisplayName(netns);
  const links = importedLinks(found, netns);
  const { live } = found.inventory;
  const entries = live.get({ need: 'forwarding-entries', netns }) ?? [];
  for (const { dev, mac, ...entry } of entries.filter((one) => !isImportedEntry(found, netns, one)))
    if (links.has(dev) && (entry.to === null || entry.unknown || mac !== FLOOD_MAC))
      found.leaveOut(
        `link ${dev} of ${place}: ${['fdb', mac, dst(entry.to), unknownText(entry)].filter(Boolean).join(' ')}`,
      );
  for (const entry of live.get({ need: 'multicast-entries', netns }) ?? [])
    if (links.has(entry.bridge) && !isImportedGroup(entry))
      found.leaveOut(
        `link ${entry.dev} of ${place}: ${['mdb', entry.group, unknownText(entry), entry.vlan === null ? '' : `vlan ${entry.vlan}`].filter(Boolean).join(' ')}`,
      );
  for (const queue of live.get({ need: 'queues', netns }) ?? []) {
    const { dev, kind, place: at } = queue;
    const isWritten = interfaces.has(`${netns}/${dev}`) && isImpairment(queue);
    if (links.has(dev) && !isWritten) found.leaveOut(`link ${dev} of ${place}: qdisc ${kind} ${at}`);
  }
  const state = importNetnsState(found, netns);
  const vlansOf = (name: string) => live.get({ need: 'bridge-vlans', netns })?.get(name) ?? null;
  for (const [name, link] of state?.links ?? []) {
    if (!links.has(name)) continue;
    const { alias, options, unknown = [], unknownOfPort = [] } = link;
    const vlans = portVlans(found, { netns, link }) ?? (options?.['vlanFiltering'] === true ? vlansOf(name) : null);
    if (vlans && (options?.['vlanFiltering'] === true ? !isNewPort(vlans) : portVlanWords(vlans) === null))
      found.leaveOut(`link ${name} of ${place}: VLANs ${vlans.map(vlanText).join(', ') || 'none'}`);
    for (const one of [...unknown, ...unknownOfPort].filter((one) => one.name !== 'qdisc')) {
      const report = /^attribute \d/.test(one.name) ? found.unknown : found.leaveOut;
      report(`link ${name} of ${place}: ${unknownText({ unknown: [one] })}`);
    }
    if (alias !== null && !alias.startsWith(MARK)) found.leaveOut(`link ${name} of ${place}: alias ${alias}`);
  }
  for (const { dev, prefix, scope, protocol } of state?.addresses ?? []) {
    const isKernels = protocol === IFAPROT_KERNEL_LL || (protocol === null && prefix.startsWith('fe80:'));
    if (scope === 'link' && !isKernels && links.has(dev))
      found.leaveOut(`address ${prefix} of ${dev} of ${place}: a link-local address`);
  }
  const lo = netns === 'host' && found.choice.host === 'whole' ? state?.links.get('lo') : undefined;
  for (const prefix of lo ? endpointAddresses(found, { netns, link: lo }) : [])
    found.leaveOut(`address ${prefix} of lo of ${place}`);
}

/** Of a bridge itself: that of ports that say nothing. */
const isNewPort = (vlans: readonly PortVlanLive[]): boolean =>
  Object.keys(portVlanWords(vlans) ?? { no: 0 }).length === 0;

/** `10 pvid untagged`, as `bridge vlan` writes it. */
const vlanText = ({ vlans, pvid, untagged }: PortVlanLive): string =>
  [formatVlanRange(vlans), pvid ? 'pvid' : '', untagged ? 'untagged' : ''].filter(Boolean).join(' ');

const dst = (to: string | null): string => (to === null ? '' : `dst ${to}`);

/** The names of the links of a place that the topology has. */
function importedLinks({ pairs, own, lans }: ImportModel, netns: string): ReadonlySet<string> {
  const ends = [...pairs.flatMap(({ near, far }) => [near, far]), ...own, ...lans.map(({ bridge }) => bridge)];
  const keys = new Set(ends.map(importEndpointKey));
  return new Set([...keys].filter((key) => key.startsWith(`${netns}/`)).map((key) => key.slice(netns.length + 1)));
}
