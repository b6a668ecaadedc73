// Generated from the files of this folder by scripts/generate.ts.
import type { NeedName } from '../../../model/kernel/need.ts';
import type { NeedReader } from '../need-reader.ts';
import { accountReader } from './account.ts';
import { addressesReader } from './addresses.ts';
import { attachmentReader } from './attachment.ts';
import { attachmentTracesReader } from './attachment-traces.ts';
import { bridgeVlansReader } from './bridge-vlans.ts';
import { chainsReader } from './chains.ts';
import { containerReader } from './container.ts';
import { deadNamespaceReader } from './dead-namespace.ts';
import { defaultSysctlReader } from './default-sysctl.ts';
import { deviceSysctlsReader } from './device-sysctls.ts';
import { egressTableReader } from './egress-table.ts';
import { fileReader } from './file.ts';
import { flowProblemReader } from './flow-problem.ts';
import { folderReader } from './folder.ts';
import { foreignRulesetReader } from './foreign-ruleset.ts';
import { forwardingEntriesReader } from './forwarding-entries.ts';
import { knownAttachmentsReader } from './known-attachments.ts';
import { legacyIptablesReader } from './legacy-iptables.ts';
import { linkKindReader } from './link-kind.ts';
import { listenersReader } from './listeners.ts';
import { machineReader } from './machine.ts';
import { missingNftReader } from './missing-nft.ts';
import { multicastEntriesReader } from './multicast-entries.ts';
import { namespaceReader } from './namespace.ts';
import { neighboursReader } from './neighbours.ts';
import { netnsLinkReader } from './netns-link.ts';
import { networkAddressesReader } from './network-addresses.ts';
import { openFlowsReader } from './open-flows.ts';
import { openVswitchReader } from './open-vswitch.ts';
import { pluginReader } from './plugin.ts';
import { pluginNamesReader } from './plugin-names.ts';
import { pluginObjectUsesReader } from './plugin-object-uses.ts';
import { pluginObjectsReader } from './plugin-objects.ts';
import { portHoldersReader } from './port-holders.ts';
import { processReader } from './process.ts';
import { processReadyReader } from './process-ready.ts';
import { processesReader } from './processes.ts';
import { programReader } from './program.ts';
import { queueKindReader } from './queue-kind.ts';
import { queuesReader } from './queues.ts';
import { routeLookupReader } from './route-lookup.ts';
import { rulesetReader } from './ruleset.ts';
import { storedFileReader } from './stored-file.ts';
import { supervisorReader } from './supervisor.ts';
import { sysctlTrialReader } from './sysctl-trial.ts';
import { sysctlValueReader } from './sysctl-value.ts';
import { tableReader } from './table.ts';
import { tableNamesReader } from './table-names.ts';
import { txChecksumReader } from './tx-checksum.ts';
import { vlanFilteringReader } from './vlan-filtering.ts';
import { wireguardReader } from './wireguard.ts';
import { wireguardLinksReader } from './wireguard-links.ts';

/** The reader of each need. */
export const needReaders: { readonly [N in NeedName]: NeedReader<N> } = {
  account: accountReader,
  addresses: addressesReader,
  attachment: attachmentReader,
  'attachment-traces': attachmentTracesReader,
  'bridge-vlans': bridgeVlansReader,
  chains: chainsReader,
  container: containerReader,
  'dead-namespace': deadNamespaceReader,
  'default-sysctl': defaultSysctlReader,
  'device-sysctls': deviceSysctlsReader,
  'egress-table': egressTableReader,
  file: fileReader,
  'flow-problem': flowProblemReader,
  folder: folderReader,
  'foreign-ruleset': foreignRulesetReader,
  'forwarding-entries': forwardingEntriesReader,
  'known-attachments': knownAttachmentsReader,
  'legacy-iptables': legacyIptablesReader,
  'link-kind': linkKindReader,
  listeners: listenersReader,
  machine: machineReader,
  'missing-nft': missingNftReader,
  'multicast-entries': multicastEntriesReader,
  namespace: namespaceReader,
  neighbours: neighboursReader,
  'netns-link': netnsLinkReader,
  'network-addresses': networkAddressesReader,
  'open-flows': openFlowsReader,
  'open-vswitch': openVswitchReader,
  plugin: pluginReader,
  'plugin-names': pluginNamesReader,
  'plugin-object-uses': pluginObjectUsesReader,
  'plugin-objects': pluginObjectsReader,
  'port-holders': portHoldersReader,
  process: processReader,
  'process-ready': processReadyReader,
  processes: processesReader,
  program: programReader,
  'queue-kind': queueKindReader,
  queues: queuesReader,
  'route-lookup': routeLookupReader,
  ruleset: rulesetReader,
  'stored-file': storedFileReader,
  supervisor: supervisorReader,
  'sysctl-trial': sysctlTrialReader,
  'sysctl-value': sysctlValueReader,
  table: tableReader,
  'table-names': tableNamesReader,
  'tx-checksum': txChecksumReader,
  'vlan-filtering': vlanFilteringReader,
  wireguard: wireguardReader,
  'wireguard-links': wireguardLinksReader,
};
