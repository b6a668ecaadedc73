import type { FirewallDrop } from '../firewall/evaluate-chains.ts';
import { findLabTrafficDrops, formatFirewallChain, isBridgeFiltered } from '../firewall/lab-drops.ts';
import { groupBy } from '../model/values/group-by.ts';
import { acceptCommands } from './accept-rules.ts';
import type { DiagnosisContext, DoctorRule } from './rule.ts';

/** Routed packets that a chain drops. */
export const forwardingDroppedRule: DoctorRule = {
  name: 'forwarding-dropped',
  title: 'A firewall drops what this machine forwards',
  explain:
    'Docker, ufw and many scripts drop every forwarded packet that they do not know. A packet has to pass every chain of the hook: an accept in the table of a lab does not override a drop in another. The remedy puts accepts for exactly the links of the lab before the drop; with Docker in the chain DOCKER-USER, which Docker leaves to you. They last until the firewall is reloaded.',
  find: (facts) =>
    droppedFlowFindings(facts, 'through', 'members of the lab cannot reach other networks through this machine'),
};

/** Frames inside a bridge that a chain drops. */
export const bridgeFilteredRule: DoctorRule = {
  name: 'bridge-filtered',
  title: 'A firewall drops what stays inside one bridge',
  explain:
    'With `net.bridge.bridge-nf-call-iptables` (and `…ip6tables`) on, as Docker and Kubernetes want it, frames between two ports of one bridge pass the filters for forwarded packets. The bridge of a lab with `policies` or `services` has its frames pass by an attribute of its own (`nf_call_iptables`), whatever the sysctl says. A policy of drop there cuts neighbours off from each other, though nothing is routed. The remedy accepts what comes in and goes out by the same bridge; the policies of the lab count as before. Without Docker, Kubernetes, policies and services `sysctl -w net.bridge.bridge-nf-call-iptables=0` does as well.',
  find: (facts) => droppedFlowFindings(facts, 'inside', 'members of one bridge cannot reach each other'),
};

/** Legacy tables: invisible to nft, and in force. */
export const legacyIptablesRule: DoctorRule = {
  name: 'legacy-iptables',
  title: 'Legacy iptables rules are in force',
  explain:
    'A kernel can have two sets of filters: that of nftables (iptables-nft, too) and that of legacy iptables. `nft list ruleset` does not show the second, and its drops count all the same. The remedy shows them; what to do with them is for you to say.',
  find: ({ survey: { legacy } }) =>
    legacy.unread.map((program) => ({
      severity: 'warning',
      what: `legacy iptables filters packets, and ${program} is not there to say which`,
      breaks: 'a drop there cannot be seen',
      where: program === 'iptables-legacy' ? '/proc/net/ip_tables_names' : '/proc/net/ip6_tables_names',
      remedy: ['apt-get install -y iptables'],
      fix: null,
    })),
};

function droppedFlowFindings(
  { labs, live, survey }: DiagnosisContext,
  which: 'through' | 'inside',
  breaks: string,
): ReturnType<DoctorRule['find']> {
  const chains = [...(live.get({ need: 'chains', netns: 'host' }) ?? []), ...survey.legacy.chains];
  return labs.flatMap((lab) => {
    const stops = findLabTrafficDrops(lab, chains, live)[which];
    return [...groupBy(stops, ({ base }) => base)].map(([base, some]) => ({
      severity: 'error' as const,
      what: `${formatFirewallChain(base)} drops packets of the lab ${lab.name}: ${flowsText(some)}`,
      breaks: some.some(({ flow }) => which === 'inside' && isBridgeFiltered(lab, flow.iif))
        ? `${breaks}: policies and services have the frames of the bridge pass the filters of others, too`
        : breaks,
      where: whereOf(some),
      remedy: acceptCommands(chains, base, some),
      fix: null,
    }));
  });
}

function whereOf(stops: readonly FirewallDrop[]): string {
  const places = stops.map(({ by, policy }) => `${formatFirewallChain(by)}, ${policy ? 'its policy' : 'a rule'}`);
  return [...new Set(places)].join('; ');
}

function flowsText(stops: readonly FirewallDrop[]): string {
  const texts = stops.map(({ flow: { iif, oif } }) =>
    iif === oif && iif !== null ? `inside ${iif}` : `${iif ?? 'elsewhere'} → ${oif ?? 'elsewhere'}`,
  );
  return [...new Set(texts)].slice(0, 6).join(', ');
}
