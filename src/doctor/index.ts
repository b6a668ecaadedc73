import type { Finding } from '../model/finding.ts';
import type { Query } from '../model/live.ts';
import { BRIDGE_FILTER } from '../net/blocked.ts';
import type { Ailment, Facts } from './facts.ts';
import { bridgeFiltered, forwardingDropped, legacyRules } from './filters.ts';
import { kernelFeature, limits, missingPackage } from './kernel.ts';
import { deadNamespace, earlierBoot, netnsMount, openJournal } from './leftovers.ts';
import { rpFilter } from './rp-filter.ts';
import { linkFiles, networkd, networkManager, nftablesFlush } from './services.ts';

/** In the order in which they are told: what stops labs altogether first. */
export const ailments: readonly Ailment[] = [
  kernelFeature,
  missingPackage,
  netnsMount,
  openJournal,
  deadNamespace,
  earlierBoot,
  limits,
  forwardingDropped,
  bridgeFiltered,
  legacyRules,
  rpFilter,
  nftablesFlush,
  networkd,
  networkManager,
  linkFiles,
];

/** Everything about this machine that troubles labs. */
export const diagnose = (facts: Facts): readonly Finding[] =>
  ailments.flatMap(({ name, find }) => find(facts).map((finding) => ({ name, ...finding })));

/** What has to be read of the machine. */
export const doctorQuery: Query = {
  netns: ['host'],
  sysctls: Object.values(BRIDGE_FILTER).map((key) => ({ netns: 'host', key })),
  sysctlTrees: [{ netns: 'host', dir: 'net/ipv4/conf', leaf: 'rp_filter' }],
  rulesets: [],
  firewalls: ['host'],
  ...{
    neighbours: [],
    addresses: [],
    fresh: [],
    tables: [],
    tableNames: [],
    holders: [],
    files: [],
    listeners: [],
    linkKinds: [],
    plugins: [],
  },
};
