import type { LabDiagnosticReporter } from '../../lab/model.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey } from '../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { CniConfig, LabAttachment } from '../../model/lab-parts/lab-attachment.ts';
import type { TopologyAttachment } from '../../model/lab-parts/topology-attachment.ts';

/** What plugins are asked for: their configuration, what goes as capabilities, and what goes as CNI_ARGS. */
export type CniRequest = Pick<LabAttachment, 'config' | 'capabilities' | 'args'>;

/** How what an interface asks for reaches the plugins of its network. What they cannot be asked is reported. */
export function toRequest(
  config: CniConfig,
  { attachment, prefixes, words }: RequestedAttachment,
  report: LabDiagnosticReporter,
): CniRequest {
  const has = (capability: string): boolean =>
    config.plugins.some(({ capabilities }) => isJsonObject(capabilities) && capabilities[capability] === true);
  const capabilities: Record<string, Json> = {};
  const args: [string, string][] = [];
  for (const { name, value, at } of attachment.args) {
    if (/^[A-Z]/.test(name)) args.push([name, String(value)]);
    else if (has(name)) capabilities[name] = value;
    else if (name === 'mac') args.push(['MAC', String(value)]);
    else {
      const message = `no plugin of network ${config.name} has the capability ${name}, which ${words} asks for`;
      const hint = CAPABLE[name] ?? `write capabilities: { ${name}: true } at a plugin that has it`;
      report(makeDiagnostic('bad-attachment', atKey(at), message, { hint }));
    }
  }
  if (prefixes.length === 0) return { config, capabilities, args };
  const ipam = config.plugins[0]?.['ipam'];
  const type = isJsonObject(ipam) ? ipam['type'] : undefined;
  const isFixed = type === 'static' && attachment.ips.length === 0;
  if (isFixed) return { config, capabilities, args };
  // host-local of old versions takes no length.
  const ips = type === 'host-local' ? prefixes.map((prefix) => prefix.split('/')[0] ?? prefix) : prefixes;
  if (has('ips')) return { config, capabilities: { ...capabilities, ips }, args };
  if (type === 'host-local' && ips.length > 1) return { config: withCniArgs(config, { ips }), capabilities, args };
  return { config, capabilities, args: [['IP', ips.join(',')], ...args] };
}

type RequestedAttachment = {
  readonly attachment: TopologyAttachment;
  readonly prefixes: readonly string[];
  /** `pod1:eth0`. */
  readonly words: string;
};

/** The plugins of containernetworking that have a capability. */
const CAPABLE: { readonly [capability: string]: string } = {
  bandwidth: 'add { type: bandwidth, capabilities: { bandwidth: true } } to its plugins',
  dns: 'write capabilities: { dns: true } at the plugin that takes name servers',
  aliases: 'add { type: dnsname, domainName: lab.test, capabilities: { aliases: true } } to its plugins',
};

/** CNI_ARGS has room for one address of host-local: several go as `args.cni.ips` of the configuration. */
function withCniArgs(config: CniConfig, cni: { readonly [key: string]: Json }): CniConfig {
  const [first, ...rest] = config.plugins;
  if (!first) return config;
  const written = isJsonObject(first['args']) ? first['args'] : {};
  const own = isJsonObject(written['cni']) ? written['cni'] : {};
  return { ...config, plugins: [{ ...first, args: { ...written, cni: { ...own, ...cni } } }, ...rest] };
}
