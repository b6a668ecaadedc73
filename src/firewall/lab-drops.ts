import { nftTable } from '../model/ids.ts';
import type { Chain, ProbePacket } from '../model/kernel/firewall.ts';
import type { LiveState, Query } from '../model/kernel/need.ts';
import type { Lab } from '../model/lab.ts';
import { type FirewallDrop, findFirewallDrops } from './evaluate-chains.ts';
import { bridgedFlows, forwardedFlows } from './lab-traffic.ts';

/** Whether frames between the ports of a bridge are filtered as if they were forwarded. */
const BRIDGE_NF_CALL_SYSCTLS = {
  4: 'net/bridge/bridge-nf-call-iptables',
  6: 'net/bridge/bridge-nf-call-ip6tables',
} as const;

/** The needs for those settings of the machine. */
export const bridgeFilterNeeds: Query = Object.values(BRIDGE_NF_CALL_SYSCTLS).map((key) => ({
  need: 'sysctl-value',
  netns: 'host',
  key,
}));

/** The drops of a lab's traffic by the machine's filters: forwarded packets, and frames inside a bridge. */
export type LabTrafficDrops = { readonly through: readonly FirewallDrop[]; readonly inside: readonly FirewallDrop[] };

/**
 * The drops of traffic that leaves or enters a lab (`through`), and of traffic between its namespaces (`inside`): that passes filters
 * where the machine says so, or the bridge itself, as one with policies does. What the lab's own table drops is meant.
 */
export function findLabTrafficDrops(lab: Lab, chains: readonly Chain[], live: LiveState): LabTrafficDrops {
  const others = chains.filter(({ table }) => table !== nftTable(lab.name));
  const isFiltered = ({ family, iif }: ProbePacket): boolean =>
    isBridgeFiltered(lab, iif) ||
    live.get({ need: 'sysctl-value', netns: 'host', key: BRIDGE_NF_CALL_SYSCTLS[family] }) === '1';
  return {
    through: findFirewallDrops(others, forwardedFlows(lab)),
    inside: findFirewallDrops(others, bridgedFlows(lab).filter(isFiltered)),
  };
}

/** Whether the lab has the frames of a bridge of the machine pass netfilter, by the bridge's own attribute. */
export const isBridgeFiltered = ({ bridges }: Lab, name: string | null): boolean =>
  bridges.some((one) => one.netns === 'host' && one.name === name && one.options['netfilter'] === true);

/** `table ip filter, chain FORWARD`, or the same of legacy iptables. */
export const formatFirewallChain = ({ program, family, table, name }: Chain): string =>
  program === 'nft' ? `table ${family} ${table}, chain ${name}` : `chain ${name} of ${program}`;
