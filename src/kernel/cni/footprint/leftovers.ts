import { sysctlName } from '../../../model/ids.ts';
import { containerIdOf, type PluginObjectUse } from '../../../model/lab-parts/attachment.ts';
import { type PluginProcess, readContainerProcesses, readProcFile } from '../processes/container-processes.ts';
import { listAttachmentRecords } from '../record.ts';
import { readMade } from './footprint.ts';
import { readUsedChains } from './iptables-chains.ts';
import { readLocalnetByPlugins, readLocalnetUses } from './localnet.ts';
import type { PluginHost } from './plugin-host.ts';

/** What plugins have made for attachments that are there, and never remove. */
export function readPluginObjects(place: PluginHost): readonly string[] {
  const { bridges, chains } = readMade(place);
  const containers = new Set(
    listAttachmentRecords().map(({ uid, record }) => containerIdOf(uid, record.attachment.netns)),
  );
  return [
    ...bridges.map(bridgePhrase),
    ...chains.map(chainPhrase),
    ...readLocalnetByPlugins(place).map(settingPhrase),
    ...readContainerProcesses()
      .filter(({ containerId }) => containers.has(containerId))
      .map(processPhrase),
  ];
}

/** Who uses the bridges of the machine, and the chains that plugins share; and which of their processes go on. */
export function readPluginObjectUses(place: PluginHost): readonly PluginObjectUse[] {
  const { host, nft } = place;
  host.forgetLinks();
  const links = host.dumpedLinks();
  const ports = links.flatMap(({ name, master }) => {
    const bridge = links.find(({ index }) => index === master)?.name;
    return bridge === undefined ? [] : [{ what: bridgePhrase(bridge), because: `${name} is a port of it` }];
  });
  return [
    ...ports,
    ...readUsedChains(host, nft).map(({ chain, because }) => ({ what: chainPhrase(chain), because })),
    ...readLocalnetUses(place).map(({ key, because }) => ({ what: settingPhrase(key), because })),
    ...readContainerProcesses().map((one) => ({
      ...{ what: processPhrase(one), because: 'it runs in the background', isProcess: true as const },
    })),
  ];
}

const bridgePhrase = (name: string): string => `the bridge ${name}`;

/** `ip nat/CNI-FORWARD`. */
const chainPhrase = (chain: string): string => {
  const [table, name] = chain.split('/');
  return `the chain ${name} of table ${table}`;
};

/** `the setting net.ipv4.conf.eth0.route_localnet`. */
const settingPhrase = (key: string): string => `the setting ${sysctlName(key)}`;

/** `process 123 (sleep)`. */
const processPhrase = ({ pid }: PluginProcess): string => `process ${pid} (${readProcFile(pid, 'comm').trim()})`;
