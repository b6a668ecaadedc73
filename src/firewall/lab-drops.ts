import type { Chain } from '../model/kernel/firewall.ts';
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

/** The drops of traffic that leaves or enters a lab (`through`), and of traffic between its namespaces (`inside`). */
export const findLabTrafficDrops = (lab: Lab, chains: readonly Chain[], live: LiveState): LabTrafficDrops => ({
  through: findFirewallDrops(chains, forwardedFlows(lab)),
  inside: findFirewallDrops(
    chains,
    bridgedFlows(lab).filter(
      ({ family }) => live.get({ need: 'sysctl-value', netns: 'host', key: BRIDGE_NF_CALL_SYSCTLS[family] }) === '1',
    ),
  ),
});

/** `table ip filter, chain FORWARD`, or the same of legacy iptables. */
export const formatFirewallChain = ({ program, family, table, name }: Chain): string =>
  program === 'nft' ? `table ${family} ${table}, chain ${name}` : `chain ${name} of ${program}`;
