import {
  formatPrefix,
  networkPrefix,
  type Prefix,
  parsePrefix,
  prefixContains,
  prefixesOverlap,
} from '../net/prefix.ts';
import { endpointAddresses, type ImportLan, type ImportModel, placedAddresses } from './model.ts';

/** The subnets of a LAN: those of the bridge's own addresses and of its members', in that order. */
export function importedLanSubnets(found: ImportModel, { bridge, members, isJoined }: ImportLan): readonly string[] {
  if (isJoined) return [];
  const networks = [bridge, ...members]
    .flatMap((end) => endpointAddresses(found, end))
    .flatMap((text) => parsePrefix(text) ?? []);
  const subnets: Prefix[] = [];
  for (const network of networks.filter(isSubnet).map(networkPrefix)) {
    if (!subnets.some((other) => prefixesOverlap(other, network))) subnets.push(network);
  }
  return subnets.map(formatPrefix);
}

/** Subnets that a LAN needs besides, because one of its addresses is in none of its own: every address needs one. */
export function outlyingSubnets(found: ImportModel, lan: ImportLan): readonly string[] {
  const subnets = importedLanSubnets(found, lan).flatMap((text) => parsePrefix(text) ?? []);
  if (subnets.length === 0) return [];
  const addresses = [lan.bridge, ...lan.members].flatMap((end) => placedAddresses(found, end));
  const outlying = addresses
    .flatMap((text) => parsePrefix(text) ?? [])
    .filter((address) => !subnets.some((subnet) => prefixContains(subnet, address)))
    .map((address) => formatPrefix(networkPrefix(address)));
  return [...new Set(outlying)];
}

/** False for a single host and for the two ends of a cable, which are not LANs. */
const isSubnet = ({ family, length }: Prefix): boolean => length < (family === 4 ? 31 : 127);

/** An address as it is written on a LAN of those subnets: the length is left to the subnet where that says the same. */
export function shortenAddress(prefix: string, subnets: readonly string[]): string {
  const parsed = parsePrefix(prefix);
  return parsed && subnets.includes(formatPrefix(networkPrefix(parsed))) ? (prefix.split('/')[0] ?? prefix) : prefix;
}
