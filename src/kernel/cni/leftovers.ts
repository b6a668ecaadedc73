import type { PluginObjectUse } from '../../model/lab-parts/attachment.ts';
import { type PluginHost, readMade } from './footprint.ts';
import { readUsedChains } from './iptables-chains.ts';

/** What plugins have made for attachments that are there, and never remove. */
export function readPluginObjects(place: PluginHost): readonly string[] {
  const { bridges, chains } = readMade(place);
  return [...bridges.map(bridgePhrase), ...chains.map(chainPhrase)];
}

/** Who uses the bridges of the machine, and the chains that plugins share. */
export function readPluginObjectUses({ host, nft }: PluginHost): readonly PluginObjectUse[] {
  host.forgetLinks();
  const links = host.dumpedLinks();
  const ports = links.flatMap(({ name, master }) => {
    const bridge = links.find(({ index }) => index === master)?.name;
    return bridge === undefined ? [] : [{ what: bridgePhrase(bridge), because: `${name} is a port of it` }];
  });
  return [...ports, ...readUsedChains(host, nft).map(({ chain, because }) => ({ what: chainPhrase(chain), because }))];
}

const bridgePhrase = (name: string): string => `the bridge ${name}`;

/** `ip nat/CNI-FORWARD`. */
const chainPhrase = (chain: string): string => {
  const [table, name] = chain.split('/');
  return `the chain ${name} of table ${table}`;
};
