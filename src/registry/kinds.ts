import { address } from '../kinds/address/index.ts';
import { attachment } from '../kinds/attachment/index.ts';
import { fdb } from '../kinds/fdb/index.ts';
import { fileKinds } from '../kinds/files/index.ts';
import { bridgeEntry } from '../kinds/links/bridge/bridge-entry.ts';
import { groupEntry } from '../kinds/links/bridge/group-entry.ts';
import { bridgeVlan } from '../kinds/links/bridge/port-vlans.ts';
import { linkModules } from '../kinds/links/index.ts';
import { port } from '../kinds/links/nic-port.ts';
import { neighbour } from '../kinds/neighbour/index.ts';
import { container } from '../kinds/netns/container/index.ts';
import { netnsLink } from '../kinds/netns/container/netns-link.ts';
import { netns } from '../kinds/netns/index.ts';
import { defineNftKind } from '../kinds/nft/index.ts';
import { process } from '../kinds/process/index.ts';
import { file, secret } from '../kinds/process/stored-files.ts';
import { route } from '../kinds/route/index.ts';
import { rule } from '../kinds/rule/index.ts';
import { sysctl } from '../kinds/sysctl/index.ts';
import type { Kind } from '../model/kind.ts';
import type { Lab } from '../model/lab.ts';
import type { LinkKinds } from '../model/link-kind.ts';
import type { Resource } from '../model/resource.ts';
import { features, nftParts } from './features.ts';

/** Every kind of link, by name. */
export const linkKinds: LinkKinds = new Map(linkModules.map(({ link }) => [link.name, link]));

/** Every kind of thing that a lab consists of, by name. */
export const kinds: ReadonlyMap<string, Kind> = new Map(
  [
    netns,
    container,
    netnsLink,
    ...linkModules.flatMap(({ resource, others = [] }) => [resource, ...others]),
    ...[
      bridgeVlan,
      bridgeEntry,
      groupEntry,
      fdb,
      port,
      address,
      route,
      rule,
      neighbour,
      sysctl,
      defineNftKind(nftParts),
      defineNftKind(nftParts, 'bridge'),
    ],
    ...[file, secret, attachment, process],
    ...features.flatMap(({ kinds = [] }) => kinds),
    ...fileKinds.map(({ kind }) => kind),
  ].map((kind) => [kind.name, kind]),
);

/** The resources of a lab: everything that must exist for it. */
export const compileLab = (lab: Lab): readonly Resource[] => [...kinds.values()].flatMap((kind) => kind.compile(lab));
