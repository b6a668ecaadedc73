import { portShellWords } from '../../../net/bridge-port.ts';
import { defineLinkKind } from '../define-link-kind.ts';
import { DEFAULT_LINK_MTU } from '../link-attributes.ts';
import { bridgeLoop } from './bridge-loop.ts';
import { deafBridge } from './deaf-bridge.ts';
import { isolatedNextHop } from './isolated-next-hop.ts';
import { bridgeCodec, ticksOf } from './netlink.ts';
import { type BridgeOptions, bridgeFields } from './options.ts';
import { portFields } from './port-fields.ts';
import { portWithoutBridge } from './port-without-bridge.ts';

/** A switch. Its MAC is set at creation, so that it never follows its ports' and udev leaves it alone. */
export const bridge = defineLinkKind<BridgeOptions>({
  name: 'bridge',
  phrase: 'a bridge',
  section: 'bridges',
  explain: '',
  fields: bridgeFields,
  docs: null,
  lower: null,
  segment: null,
  overhead: () => 0,
  caption: () => '',
  immutable: [],
  nested: 'options',
  unlike: { stp: false, ageing: 0, forwardDelay: 0, priority: 0, multicastSnooping: false },
  // The kernel forgets addresses after twice the forward delay for about half a minute when a port comes or goes, and does
  // not tell the time that it goes back to (`__br_set_topology_change` in net/bridge/br_stp.c).
  transient: ({ stp, ageing, forwardDelay }) => (stp && ageing === 2 * forwardDelay ? ['ageing'] : []),
  unspecified: ({ vlanFiltering }) => (vlanFiltering === undefined ? ['vlanFiltering'] : []),
  kernelDefaults: { stp: false, ageing: 300, forwardDelay: 15, priority: 32768, multicastSnooping: true },
  ports: { fields: portFields, vlanLink: 'vlan', shell: portShellWords },
  netlink: bridgeCodec,
  // `ip` passes the kernel's hundredths of a second on as they are.
  shell: ({ stp, ageing, forwardDelay, priority, multicastSnooping, vlanFiltering, netfilter }) => [
    ...(stp === undefined ? [] : ['stp_state', Number(stp)]),
    ...(ageing === undefined ? [] : ['ageing_time', ticksOf(ageing)]),
    ...(forwardDelay === undefined ? [] : ['forward_delay', ticksOf(forwardDelay)]),
    ...(priority === undefined ? [] : ['priority', priority]),
    ...(vlanFiltering === undefined ? [] : ['vlan_filtering', Number(vlanFiltering)]),
    ...(multicastSnooping === undefined ? [] : ['mcast_snooping', Number(multicastSnooping)]),
    ...(netfilter === undefined ? [] : ['nf_call_iptables', Number(netfilter), 'nf_call_ip6tables', Number(netfilter)]),
  ],
  describe: ({ action, options: { stp, vlanFiltering, netfilter }, master, mac, mtu, up }) =>
    action === 'create'
      ? [
          `mac ${mac}`,
          mtu === DEFAULT_LINK_MTU ? '' : `mtu ${mtu}`,
          stp ? 'stp' : '',
          vlanFiltering ? 'VLANs' : '',
          netfilter ? 'filtered' : '',
          master === null ? '' : `port of ${master}`,
          up ? '' : 'down',
        ]
      : [],
  checks: [bridgeLoop, portWithoutBridge, isolatedNextHop, deafBridge],
  hasForwardingTable: true,
});
