import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, atValue } from '../../model/diagnostics/source-location.ts';
import type { TopologyInterface, TopologyNetns } from '../../model/topology.ts';
import { shortLinkName } from '../../net/name.ts';
import { didYouMeanHint } from '../messages.ts';
import type { LabModelInput, ModelLink, ModelNetwork, ModelWiring, SegmentSubnet } from '../model.ts';
import type { CableResolution } from './cables.ts';

/** The words that say what a CNI plugin decides, with what to write in their place. */
const PLUGIN_DECIDES: readonly (readonly [keyof TopologyInterface, string])[] = [
  ['bridge', 'the network says which bridge it is on'],
  ['address', 'write args: { ips: […] }'],
  ['mac', 'write args: { mac: … }'],
  ['mtu', 'write it at the plugin, as `mtu`'],
  ['port', 'the network says how it is a port'],
];

/** The link of an interface with `cni`; undefined: it has none. Null, and reported: there is no such network, or a word is in the way. */
export function resolvePluginLink(
  netns: TopologyNetns,
  entry: TopologyInterface,
  { source, plain, ends }: PluginLinkContext,
): ModelLink | null | undefined {
  const { attachment } = entry;
  if (attachment === null || entry.name === 'lo') return undefined;
  const words = `${netns.name}:${entry.name}`;
  const report = (at: ReturnType<typeof atKey>, message: string, hint: string): void =>
    source.report(makeDiagnostic('bad-attachment', at, message, { hint }));
  const wrong = PLUGIN_DECIDES.filter(([word]) => entry[word] !== null && entry[word] !== 'auto');
  for (const [word, hint] of wrong)
    report(atKey([...entry.at, word]), `a CNI plugin makes ${words}: it decides its ${word}`, hint);
  const isTwice = entry.own !== null || ends.has(`${netns.name}/${entry.name}`) || entry.existing;
  if (isTwice) report(atKey(attachment.at), `${words} is made by a CNI plugin and by something else`, 'leave one out');
  if (entry.state === 'down')
    report(atKey([...entry.at, 'state']), `a CNI plugin makes ${words}, and sets it up`, 'leave out the state');
  const network = source.networks.get(attachment.network.value);
  if (!network) {
    const hint = didYouMeanHint(attachment.network.value, [...source.networks.keys()], 'entries under `cni`');
    report(atValue(attachment.network.at), `there is no CNI network ${attachment.network.value}`, hint);
  }
  if (!network || wrong.length > 0 || isTwice || entry.state === 'down') return null;
  const written = attachment.ips.length > 0 ? attachment.ips : network.fixed;
  const automatic = written.length === 0 && network.pools.length > 0;
  return { ...plain, kind: 'plugin', network, staticAddresses: written, automatic };
}

type PluginLinkContext = {
  readonly source: LabModelInput;
  readonly plain: ModelLink;
  readonly ends: CableResolution['ends'];
};

/** The bridges of the host that plugins make, with the addresses that they give them: the host is on these networks. */
export function pluginBridges(links: readonly ModelLink[], devices: ModelWiring['devices']): readonly ModelLink[] {
  const networks = new Set(links.flatMap(({ network }) => network ?? []));
  const own = devices.get('host');
  const made = new Map<string, ModelLink>();
  for (const network of networks) {
    const { bridge, bridgeAddresses, at } = network;
    if (bridge === null || bridgeAddresses.length === 0 || own?.has(bridge)) continue;
    const known = made.get(bridge)?.staticAddresses ?? [];
    const addresses = bridgeAddresses.filter(({ address }) => known.every((one) => one.address !== address));
    const link = { ...HOST_BRIDGE, name: shortLinkName(bridge), label: bridge, at, network };
    if (addresses.length > 0) made.set(bridge, { ...link, staticAddresses: [...known, ...addresses] });
  }
  return [...made.values()];
}

const HOST_BRIDGE = {
  netns: 'host',
  kind: 'plugin',
  automatic: false,
  up: true,
  mac: null,
  mtu: null,
  master: null,
  gateway: null,
  bridge: null,
  own: null,
  port: null,
  vlan: null,
} as const;

/** The prefixes that a network gives addresses of. */
export const networkSubnets = ({ name, pools }: ModelNetwork): readonly SegmentSubnet[] =>
  pools.map((range) => {
    const { prefix, text, at } = range;
    return { prefix, text, pool: `cni/${name}/${text}/${range.first}`, gateway: [], bridge: null, range, at };
  });

/** The entry of `bad-attachment` in docs/checks.md. */
export const badAttachmentDoc: CheckDoc = {
  name: 'bad-attachment',
  code: 'NF2050',
  title: 'Interface that no CNI plugin can make so',
  explain:
    'An interface with `cni` names a network that is not under `cni`, says something that its plugins decide, or asks for something that none of them can be asked.',
  bad: `
cni:
  mynet: { cniVersion: 1.0.0, plugins: [{ type: bridge, ipam: { type: host-local, subnet: 10.22.0.0/16 } }] }
namespaces: { pod1: { interfaces: { eth0: { cni: mynet, mac: 02:00:00:00:00:09 } } } }
`,
  good: `
cni:
  mynet: { cniVersion: 1.0.0, plugins: [{ type: bridge, ipam: { type: host-local, subnet: 10.22.0.0/16 } }] }
namespaces: { pod1: { interfaces: { eth0: { cni: mynet, args: { mac: 02:00:00:00:00:09 } } } } }
`,
};
