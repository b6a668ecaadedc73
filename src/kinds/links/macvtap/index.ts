import { defineLinkKind } from '../define-link-kind.ts';
import { macvlan } from '../macvlan/index.ts';

/** A macvlan whose frames a program takes and gives through a file, `/dev/tapN` (N is the index of the link). */
export const macvtap = defineLinkKind({
  ...macvlan.link,
  name: 'macvtap',
  phrase: 'a macvtap',
  explain:
    'Makes the interface a link with a MAC of its own on another link (`parent`) for a program, such as a virtual machine: what arrives for the MAC, the program reads from `/dev/tapN`, where N is the index of the link.',
  caption: ({ mode }) => `macvtap ${String(mode)}`,
  // TUN_READQ_SIZE of linux/if_tun.h.
  queueLength: 500,
  docs: {
    title: 'Macvtap',
    text: 'At an interface: a macvlan for a program. The frames for its MAC are read from the file `/dev/tapN` (N: the index of the link, `ip link`), and what the program writes there leaves by the parent; the namespace itself hears none of them. Links of two namespaces can have one index: the number in `/sys/class/net/NAME/tapN/dev` tells which one a file is. A guest’s IPv6 neighbours find it only when the link takes the multicast that it asked for (libvirt: `trustGuestRxFilters`).',
    short: [{ parent: 'eth0' }, { parent: 'host:eth1', mode: 'passthru' }],
    example: `
version: 1
name: guests
bridges:
  lan: 10.1.0.0/24
namespaces:
  node:
    interfaces:
      eth0: { bridge: lan }
      guest0: { macvtap: { parent: eth0 }, mac: "02:00:00:00:00:10", address: none }`,
  },
});
