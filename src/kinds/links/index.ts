// Written by `npm run generate` from the folders beside this file.
import { bridge } from './bridge/index.ts';
import type { LinkKindModule } from './define-link-kind.ts';
import { dummy } from './dummy/index.ts';
import { ipvlan } from './ipvlan/index.ts';
import { macvlan } from './macvlan/index.ts';
import { macvtap } from './macvtap/index.ts';
import { veth } from './veth/index.ts';
import { vxlan } from './vxlan/index.ts';

/** Every kind of link with its resource, one a folder. */
export const linkModules: readonly LinkKindModule[] = [bridge, dummy, ipvlan, macvlan, macvtap, veth, vxlan];
