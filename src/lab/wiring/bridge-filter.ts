import type { NeedOf } from '../../model/kernel/need.ts';

/** Asked of the machine: whether frames between ports of a bridge can pass netfilter (br_netfilter is there). */
export const BRIDGE_FILTER: NeedOf<'sysctl-value'> = {
  need: 'sysctl-value',
  netns: 'host',
  key: 'net/bridge/bridge-nf-call-iptables',
};
