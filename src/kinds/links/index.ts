// Written by `npm run generate` from the folders beside this file.
import { bond } from './bond/index.ts';
import { bridge } from './bridge/index.ts';
import type { LinkKindModule } from './define-link-kind.ts';
import { dummy } from './dummy/index.ts';
import { geneve } from './geneve/index.ts';
import { gre } from './gre/index.ts';
import { gretap } from './gretap/index.ts';
import { ip6gre } from './ip6gre/index.ts';
import { ip6gretap } from './ip6gretap/index.ts';
import { ip6tnl } from './ip6tnl/index.ts';
import { ipip } from './ipip/index.ts';
import { ipvlan } from './ipvlan/index.ts';
import { macvlan } from './macvlan/index.ts';
import { macvtap } from './macvtap/index.ts';
import { move } from './move/index.ts';
import { ovs } from './ovs/index.ts';
import { sit } from './sit/index.ts';
import { tap } from './tap/index.ts';
import { tun } from './tun/index.ts';
import { veth } from './veth/index.ts';
import { vlan } from './vlan/index.ts';
import { vrf } from './vrf/index.ts';
import { vxlan } from './vxlan/index.ts';
import { wireguard } from './wireguard/index.ts';

/** Every kind of link with its resource, one a folder. */
export const linkModules: readonly LinkKindModule[] = [
  bond,
  bridge,
  dummy,
  geneve,
  gre,
  gretap,
  ip6gre,
  ip6gretap,
  ip6tnl,
  ipip,
  ipvlan,
  macvlan,
  macvtap,
  move,
  ovs,
  sit,
  tap,
  tun,
  veth,
  vlan,
  vrf,
  vxlan,
  wireguard,
];
