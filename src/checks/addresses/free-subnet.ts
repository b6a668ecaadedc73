import type { LiveState } from '../../model/kernel/need.ts';
import type { Lab } from '../../model/lab.ts';
import {
  formatPrefix,
  lastAddress,
  networkPrefix,
  type Prefix,
  prefixContains,
  prefixesOverlap,
  prefixSize,
  requirePrefix,
} from '../../net/prefix.ts';
import { listPhrase } from '../phrases.ts';

/**
 * Returns an allocator of private subnets: each has the length of the given one and overlaps neither `taken` nor an earlier
 * one. Null when there is none.
 */
export function nextFreeSubnet(taken: () => readonly Prefix[]): (wanted: Prefix) => string | null {
  let used: Prefix[] | null = null;
  return (wanted) => {
    used ??= [...taken()];
    for (const range of searchRanges(wanted)) {
      const found = firstFree(range, wanted, used);
      if (!found) continue;
      used.push(found);
      return formatPrefix(found);
    }
    return null;
  };
}

/** The subnets of the lab, and what the host has addresses in and routes to; default routes do not count. */
export function takenSubnets(lab: Lab, live: LiveState): readonly Prefix[] {
  const host = live.get({ need: 'namespace', netns: 'host' });
  const texts = [
    ...lab.lans.flatMap(({ subnets }) => subnets),
    ...lab.addresses.flatMap(({ prefixes }) => prefixes),
    ...(host?.addresses ?? []).map(({ prefix }) => prefix),
    ...(host?.routes ?? []).map(({ to }) => to),
  ];
  return texts.map((text) => networkPrefix(requirePrefix(text))).filter(({ length }) => length > SPLIT_DEFAULT);
}

/** `choose another subnet (10.17.0.0/24 is free on this machine)`, with the subnets that were found; `[]`: none was. */
export function subnetRemedy(free: readonly (string | null)[]): string {
  const found = free.filter((one) => one !== null);
  const [first] = found;
  if (first === undefined) return 'choose another subnet';
  if (found.length === 1) return `choose another subnet (${first} is free on this machine)`;
  return `choose other subnets (${listPhrase(found)} are free on this machine)`;
}

/** VPNs replace the default route by two routes of length 1. */
const SPLIT_DEFAULT = 1;

/**
 * Where to look, best first: behind the wanted subnet in its private range; in 10.0.0.0/8, or the unique local addresses of
 * IPv6; in the ranges from their start. 172.16.0.0/12 is last, because Docker takes its networks from it.
 */
function searchRanges(wanted: Prefix): readonly Range[] {
  const { family, value } = networkPrefix(wanted);
  const blocks = family === 4 ? PRIVATE_IPV4 : PRIVATE_IPV6;
  const [home] = blocks;
  const own = blocks.find((block) => block !== DOCKER_POOL && prefixContains(block, { family, value }));
  // 10.17.0.0/24 for 172.17.0.0/24: people recognise the second number.
  const similar = home && family === 4 ? [{ block: home, from: (value & 0x00ff_ffffn) | home.value }] : [];
  return [
    ...(own ? [{ block: own, from: value }] : []),
    ...similar,
    ...blocks.map((block) => ({ block, from: block.value })),
  ].filter(({ block }) => wanted.length > block.length);
}

type Range = { readonly block: Prefix; readonly from: bigint };

const DOCKER_POOL = requirePrefix('172.16.0.0/12');
const PRIVATE_IPV4 = [requirePrefix('10.0.0.0/8'), requirePrefix('192.168.0.0/16'), DOCKER_POOL];
const PRIVATE_IPV6 = [requirePrefix('fd00::/8')];

/** The first subnet of the wanted size in a range that overlaps no used one. Each step passes a used subnet. */
function firstFree({ block, from }: Range, wanted: Prefix, used: readonly Prefix[]): Prefix | null {
  let candidate = networkPrefix({ ...wanted, value: from });
  while (candidate.value <= lastAddress(block)) {
    const rival = used.find((one) => prefixesOverlap(one, candidate));
    if (!rival) return candidate;
    const last = networkPrefix({ ...candidate, value: lastAddress(rival) });
    candidate = { ...last, value: last.value + prefixSize(last) };
  }
  return null;
}
