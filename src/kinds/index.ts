import type { Kind } from '../model/kind.ts';
import type { Lab } from '../model/lab.ts';
import type { Resource } from '../model/resource.ts';
import { address } from './address/index.ts';
import { conflist } from './conflist/index.ts';
import { hostsFiles } from './hosts-files/index.ts';
import { bridge } from './links/bridge/index.ts';
import { veth } from './links/veth/index.ts';
import { vxlan } from './links/vxlan/index.ts';
import { neighbour } from './neighbour/index.ts';
import { netns } from './netns/index.ts';
import { nft } from './nft/index.ts';
import { route } from './route/index.ts';
import { rule } from './rule/index.ts';
import { sysctl } from './sysctl/index.ts';

/** Every kind of thing that a lab consists of, by name. */
export const kinds: ReadonlyMap<string, Kind> = new Map(
  [netns, bridge, veth, vxlan, address, route, rule, neighbour, sysctl, nft, hostsFiles, conflist].map((kind) => [
    kind.name,
    kind,
  ]),
);

/** All that shall exist for a lab. */
export const compileLab = (lab: Lab): readonly Resource[] => [...kinds.values()].flatMap((kind) => kind.compile(lab));
