import type { LabCheck } from '../../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../../model/diagnostics/diagnostic.ts';
import { atValue, type Path } from '../../../../model/diagnostics/source-location.ts';
import { isJsonObject, type Json } from '../../../../model/json.ts';
import type { TopologyFile } from '../../../../model/topology.ts';
import { addressBits, formatAddress, parseAddress } from '../../../../net/address.ts';
import {
  formatPrefix,
  hasHostBits,
  hostRange,
  networkPrefix,
  type Prefix,
  parsePrefix,
  prefixContains,
  reservedAddressRole,
} from '../../../../net/prefix.ts';
import { conflistsOf } from '../entries.ts';
import {
  type HostLocalRange,
  type HostLocalRangeKey,
  hostLocalRangeBounds,
  hostLocalRangeSets,
} from '../plugins/host-local-ranges.ts';
import { isList, type JsonObject, pluginsOf } from '../plugins/validate-shape.ts';

/** Subnets, ranges, gateways and routes of a conflist that do not fit each other. */
export const cniSubnet: LabCheck = {
  name: 'cni-subnet',
  code: 'NF2604',
  title: 'Inconsistent addresses in a conflist',
  explain:
    'A subnet of an `ipam` has host bits or is too small, a range or a gateway lies outside its subnet or is its network or broadcast address, ranges overlap or mix families, or the destination of a route is not a prefix.',
  bad: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, ipam: { type: host-local, subnet: 10.22.0.0/16, gateway: 10.23.0.1 } }
`,
  good: `
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - { type: bridge, ipam: { type: host-local, subnet: 10.22.0.0/16, gateway: 10.22.0.1 } }
`,
  find: (topology) =>
    conflistsOf(topology).flatMap((conflist) => [
      ...hostLocalRangeSets(conflist).flatMap((set) => [...set.flatMap(inRange), ...inSet(set)]),
      ...inIpams(conflist),
    ]),
};

const say = (at: Path, message: string, hint: string): Diagnostic =>
  makeDiagnostic('cni-subnet', atValue(at), message, { hint });

function inRange(range: HostLocalRange): readonly Diagnostic[] {
  const { subnet, written, at } = range;
  const text = written.subnet;
  if (typeof text !== 'string') return [];
  const here = [...at, 'subnet'];
  if (!subnet)
    return [say(here, `subnet ${text} is not a prefix`, 'write an address and a length, such as 10.22.0.0/16')];
  const network = formatPrefix(networkPrefix(subnet));
  if (hasHostBits(subnet)) return [say(here, `subnet ${text} has host bits`, `write ${network}`)];
  if (addressBits(subnet.family) - subnet.length < 2) {
    return [say(here, `subnet ${text} is too small for host-local`, 'it needs at least a /30 (IPv6: /126)')];
  }
  const outside = (['gateway', 'rangeStart', 'rangeEnd'] as const).flatMap((key) => addressIn(range, key, subnet));
  if (outside.length > 0) return outside;
  const { first, last } = hostLocalRangeBounds(range, subnet);
  if (first === last && first === gatewayOf(range, subnet)) {
    const address = formatAddress({ family: subnet.family, value: first });
    const hint = 'end the range at a later address';
    return [say([...at, 'rangeEnd'], `the range has no address but ${address}, which the gateway has`, hint)];
  }
  if (first <= last) return [];
  const start = written.rangeStart === undefined ? 'the start of the range' : `rangeStart ${written.rangeStart}`;
  const end = written.rangeEnd === undefined ? 'the end of the subnet' : `rangeEnd ${written.rangeEnd}`;
  return [say([...at, 'rangeStart'], `${start} is after ${end}`, 'swap the two')];
}

function addressIn(range: HostLocalRange, key: HostLocalRangeKey, subnet: Prefix): readonly Diagnostic[] {
  const text = range.written[key];
  if (typeof text !== 'string') return [];
  const address = parseAddress(text);
  const here = [...range.at, key];
  if (!address) return [say(here, `${key} ${text} is not an address`, `write an address of ${formatPrefix(subnet)}`)];
  if (!prefixContains(subnet, address)) {
    const hint = `write an address of ${formatPrefix(subnet)}`;
    return [say(here, `${key} ${text} is outside ${formatPrefix(subnet)}`, hint)];
  }
  return reservedRole(here, `${key} ${text}`, { ...address, length: subnet.length });
}

/** No packet reaches the broadcast address of IPv4, and the network address only where Linux is 5.14 or newer. */
function reservedRole(at: Path, words: string, prefix: Prefix): readonly Diagnostic[] {
  const role = prefix.family === 4 ? reservedAddressRole(prefix) : null;
  if (role === null) return [];
  const { first, last } = hostRange(prefix);
  const host = (value: bigint): string => formatAddress({ family: prefix.family, value });
  const network = formatPrefix(networkPrefix(prefix));
  return [
    makeDiagnostic('cni-subnet', atValue(at), `${words} is the ${role} address of ${network}`, {
      severity: role === 'network' ? 'warning' : 'error',
      hint: `write one from ${host(first)} to ${host(last)}`,
    }),
  ];
}

/** The address that host-local never gives out. */
const gatewayOf = ({ written }: HostLocalRange, subnet: Prefix): bigint =>
  (typeof written.gateway === 'string' ? parseAddress(written.gateway)?.value : null) ?? hostRange(subnet).first;

function inSet(set: readonly HostLocalRange[]): readonly Diagnostic[] {
  return set.flatMap((range, i) => {
    const { subnet } = range;
    if (!subnet) return [];
    const earlier = set.slice(0, i);
    if (earlier.some((other) => other.subnet && other.subnet.family !== subnet.family)) {
      const hint = 'write a second list under ranges: a container gets one address of each list';
      return [
        say(
          [...range.at, 'subnet'],
          `subnet ${range.written.subnet} is of another family than the range before it`,
          hint,
        ),
      ];
    }
    const { first, last } = hostLocalRangeBounds(range, subnet);
    const met = earlier.find((other) => {
      if (!other.subnet) return false;
      const span = hostLocalRangeBounds(other, other.subnet);
      return span.first <= last && first <= span.last;
    });
    if (!met) return [];
    const hint = 'leave one of them out, or limit both with rangeStart and rangeEnd';
    return [
      say([...range.at, 'subnet'], `range ${range.written.subnet} overlaps ${met.written.subnet} before it`, hint),
    ];
  });
}

function inIpams({ content, at }: TopologyFile): readonly Diagnostic[] {
  return pluginsOf(content).flatMap(({ plugin, index }) => {
    const ipam = plugin['ipam'];
    if (!isJsonObject(ipam)) return [];
    const here = [...at, 'plugins', index, 'ipam'];
    const items = (key: string): readonly (readonly [JsonObject, Path])[] => {
      const list = ipam[key];
      return isList(list)
        ? list.flatMap((item, i) => (isJsonObject(item) ? [[item, [...here, key, i]] as const] : []))
        : [];
    };
    return [
      ...items('routes').flatMap(([route, path]) => inRoute(route, path)),
      ...(ipam['type'] === 'static' ? items('addresses').flatMap(([item, path]) => inStatic(item, path)) : []),
    ];
  });
}

function inRoute(route: JsonObject, at: Path): readonly Diagnostic[] {
  const { dst, gw } = { dst: route['dst'], gw: route['gw'] };
  const to = typeof dst === 'string' ? parsePrefix(dst) : null;
  if (typeof dst === 'string' && !to) {
    const hint =
      dst === 'default' ? 'write 0.0.0.0/0, or ::/0 for IPv6' : 'write a prefix, such as 10.0.0.0/8 or 10.0.0.1/32';
    return [say([...at, 'dst'], `dst ${dst} is not a prefix`, hint)];
  }
  const via = typeof gw === 'string' ? parseAddress(gw) : null;
  if (typeof gw === 'string' && !via)
    return [say([...at, 'gw'], `gw ${gw} is not an address`, 'write an address, such as 10.22.0.1')];
  if (!to || !via || to.family === via.family) return [];
  return [
    say(
      [...at, 'gw'],
      `gw ${gw} is IPv${via.family}, but dst ${dst} is IPv${to.family}`,
      `write an IPv${to.family} address`,
    ),
  ];
}

function inStatic(item: JsonObject, at: Path): readonly Diagnostic[] {
  const { address, gateway }: { readonly address: Json | undefined; readonly gateway: Json | undefined } = {
    address: item['address'],
    gateway: item['gateway'],
  };
  if (typeof address !== 'string') return [];
  const prefix = parsePrefix(address);
  if (!prefix)
    return [
      say([...at, 'address'], `address ${address} has no prefix length`, `write it as ${address.split('/')[0]}/24`),
    ];
  const reserved = reservedRole([...at, 'address'], `address ${address}`, prefix);
  if (reserved.length > 0 || typeof gateway !== 'string') return reserved;
  const via = parseAddress(gateway);
  if (via && prefixContains(prefix, via)) return [];
  const network = formatPrefix(networkPrefix(prefix));
  return [say([...at, 'gateway'], `gateway ${gateway} is outside ${network}`, `write an address of ${network}`)];
}
