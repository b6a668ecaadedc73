import type { LabCheck } from '../../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type Path } from '../../../../model/diagnostics/source-location.ts';
import { isJsonObject } from '../../../../model/json.ts';
import type { TopologyFile } from '../../../../model/topology.ts';
import { conflistsOf } from '../entries.ts';
import { pluginShapes } from '../plugins/plugin-shapes.ts';
import {
  hasSimilarKey,
  isList,
  type JsonObject,
  pluginsOf,
  shapeFor,
  validateConflist,
} from '../plugins/validate-shape.ts';

/** A conflist without something that its plugins need. */
export const cniMissingKey: LabCheck = {
  name: 'cni-missing-key',
  code: 'NF2603',
  title: 'Missing key in a conflist',
  explain:
    'A plugin object needs a `type`, a list needs at least one plugin, and some plugins and their `ipam` need more. Two are warnings: a `portmap` without `capabilities: { portMappings: true }` never receives a port, and with `ipMasq`, but no route, no container leaves its subnet.',
  bad: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, isGateway: true, ipam: { subnet: 10.22.0.0/16 } }
`,
  good: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, isGateway: true, ipam: { type: host-local, subnet: 10.22.0.0/16 } }
`,
  find: (topology) =>
    conflistsOf(topology).flatMap((conflist) => [
      ...validateConflist(conflist).flatMap((finding) =>
        finding.is === 'missing' ? [lacks(finding.of, finding.key, finding.at)] : [],
      ),
      ...emptyList(conflist),
      ...pluginsOf(conflist.content).flatMap(({ plugin, index }) =>
        inPlugin(plugin, [...conflist.at, 'plugins', index]),
      ),
    ]),
};

const HINTS: { readonly [key: string]: string } = {
  plugins: 'write the plugins: plugins: [{ type: bridge, … }]',
  type: 'write the name of the plugin, such as type: bridge',
  dst: 'write dst: 0.0.0.0/0 for the default route',
  master: 'write the link that it stands on, such as master: eth0',
};

const lacks = (of: string, key: string, at: Path, hint = HINTS[key] ?? `write ${key}`): Diagnostic =>
  makeDiagnostic('cni-missing-key', atKey(at), `${of} has no ${key}`, { hint });

function emptyList({ name, content, at }: TopologyFile): readonly Diagnostic[] {
  const plugins = content['plugins'];
  if (!isList(plugins) || plugins.length > 0) return [];
  return [
    makeDiagnostic('cni-missing-key', atValue([...at, 'plugins']), `plugins of conflist ${name} is empty`, {
      hint: 'write at least one plugin',
    }),
  ];
}

function inPlugin(plugin: JsonObject, at: Path): readonly Diagnostic[] {
  const type = plugin['type'];
  if (typeof type !== 'string') return [];
  const of = `plugin ${type}`;
  const ipam = plugin['ipam'];
  return [
    ...(isJsonObject(ipam) ? inIpam(ipam, of, [...at, 'ipam']) : withoutIpam(plugin, of, at)),
    ...inType(type, plugin, at),
  ];
}

function withoutIpam(plugin: JsonObject, of: string, at: Path): readonly Diagnostic[] {
  if (hasSimilarKey(plugin, 'ipam')) return [];
  const asks = ['isGateway', 'isDefaultGateway', 'ipMasq'].find((key) => plugin[key] === true);
  const type = `${plugin['type']}`;
  if (!asks && !shapeFor(pluginShapes, type)?.needsIpam) return [];
  if (asks && shapeFor(pluginShapes, type)?.position !== 'first') return [];
  if (type === 'flannel') return [];
  const message = asks ? `${of} has ${asks} but no ipam, so no addresses` : `${of} has no ipam`;
  return [
    makeDiagnostic('cni-missing-key', atKey(at), message, {
      hint: 'write ipam: { type: host-local, subnet: 10.22.0.0/16 }',
    }),
  ];
}

function inIpam(ipam: JsonObject, plugin: string, at: Path): readonly Diagnostic[] {
  const of = `ipam of ${plugin}`;
  const type = ipam['type'];
  if (type === undefined) {
    return Object.keys(ipam).length > 0 && !hasSimilarKey(ipam, 'type')
      ? [lacks(of, 'type', at, 'write type: host-local')]
      : [];
  }
  if (type === 'host-local' && !hasSimilarKey(ipam, 'subnet') && !hasSimilarKey(ipam, 'ranges')) {
    return [lacks(of, 'subnet', at, 'write subnet: 10.22.0.0/16, or ranges: [[{ subnet: 10.22.0.0/16 }]]')];
  }
  const addresses = ipam['addresses'];
  if (
    type !== 'static' ||
    (isList(addresses) && addresses.length > 0) ||
    (addresses !== undefined && !isList(addresses))
  )
    return [];
  return [lacks(of, 'addresses', at, 'write addresses: [{ address: 10.22.0.5/16 }]')];
}

function inType(type: string, plugin: JsonObject, at: Path): readonly Diagnostic[] {
  if (type === 'host-device') {
    const ways = ['device', 'hwaddr', 'kernelpath', 'pciBusID'];
    if (ways.some((key) => hasSimilarKey(plugin, key))) return [];
    return [lacks('plugin host-device', 'device', at, 'write device: eth1 (or hwaddr, kernelpath, pciBusID)')];
  }
  if (type === 'bandwidth') return inBandwidth(plugin, at);
  if (type === 'bridge' || type === 'ptp') return withoutRoute(type, plugin, at);
  const capabilities = plugin['capabilities'];
  if (type !== 'portmap' || (isJsonObject(capabilities) && capabilities['portMappings'] === true)) return [];
  return [
    makeDiagnostic(
      'cni-missing-key',
      atKey(at),
      'plugin portmap has no capability portMappings, so it never gets a port',
      {
        severity: 'warning',
        hint: 'write capabilities: { portMappings: true }',
      },
    ),
  ];
}

/** Masquerading is for what leaves the subnet, and nothing does without a route. */
function withoutRoute(type: string, plugin: JsonObject, at: Path): readonly Diagnostic[] {
  const ipam = plugin['ipam'];
  if (plugin['ipMasq'] !== true || !isJsonObject(ipam)) return [];
  const isDefault = type === 'bridge' && plugin['isDefaultGateway'] === true;
  const routes = ipam['routes'];
  const isWritten = routes !== undefined && !(isList(routes) && routes.length === 0);
  if (isDefault || isWritten || (ipam['type'] !== 'host-local' && ipam['type'] !== 'static')) return [];
  const message = `plugin ${type} has ipMasq, but its containers have no route out of their subnet`;
  return [
    makeDiagnostic('cni-missing-key', atKey([...at, 'ipMasq']), message, {
      severity: 'warning',
      hint: `write routes: [{ dst: 0.0.0.0/0 }] in ipam${type === 'bridge' ? ', or isDefaultGateway: true' : ''}`,
    }),
  ];
}

function inBandwidth(plugin: JsonObject, at: Path): readonly Diagnostic[] {
  return ['ingress', 'egress'].flatMap((way) => {
    const [rate, burst] = [`${way}Rate`, `${way}Burst`];
    // The plugin counts 0 as not written.
    const isWritten = (key: string): boolean => plugin[key] !== undefined && plugin[key] !== 0;
    if (isWritten(rate) === isWritten(burst)) return [];
    const [there, missing] = isWritten(rate) ? [rate, burst] : [burst, rate];
    return [lacks(`plugin bandwidth with ${there}`, missing, at, `write both ${rate} and ${burst}, in bits`)];
  });
}
