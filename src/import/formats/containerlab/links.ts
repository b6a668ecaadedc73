import type { Json } from '../../../model/json.ts';
import { type JsonMap, omitEmpty } from '../../result.ts';
import { listValue, mapValue, textValue, textValues, unsupportedKeys } from '../../yaml-values.ts';

/** An end of a link: the node as the file calls it, and what the file says about its interface. */
export type ContainerlabEndpoint = {
  readonly node: string;
  readonly link: string;
  readonly mac: string | null;
  readonly addresses: readonly string[];
};

/** A link by what it becomes. `ends` of two nodes, or the one end of a node that is not a cable to another. */
export type ContainerlabLink =
  | {
      readonly type: 'veth';
      readonly ends: readonly [ContainerlabEndpoint, ContainerlabEndpoint];
      readonly mtu: Json;
    }
  | {
      readonly type: 'mgmt-net' | 'dummy' | 'macvlan' | 'vxlan';
      readonly end: ContainerlabEndpoint;
      readonly mtu: Json;
      /** `{ macvlan: { parent: host:eth0 } }` and the like. */
      readonly kind: JsonMap;
    };

/** What containerlab takes where the file says none (VxLANDefaultPort of its links/link_vxlan.go). */
const CONTAINERLAB_VXLAN_PORT = 14789;
/** IANA's, and netform's. */
const VXLAN_PORT = 4789;
const COMMON = ['type', 'mtu', 'labels'];
const BRIEF_TYPES = /^(?:macvlan|dummy|mgmt-net)$/;

/** A link of the file in its short form (`endpoints` of texts) or its long one; none, and a line, for one that cannot be said. */
export function containerlabLink(link: JsonMap, label: string, leftOut: string[]): readonly ContainerlabLink[] {
  const mtu = link['mtu'] ?? null;
  const type = textValue(link['type']) ?? 'veth';
  if (type === 'veth') return vethLink(link, label, leftOut);
  const end = endpointOf(link['endpoint'] ?? null, label, leftOut)[0];
  const host = textValue(link['host-interface']);
  if (end && type === 'host' && host !== null) {
    leftOut.push(...unsupportedKeys(label, link, [...COMMON, 'endpoint', 'host-interface']));
    return [{ type: 'veth', ends: [end, machineEnd(host)], mtu }];
  }
  const known = [...COMMON, 'endpoint', 'host-interface', 'mode', 'remote', 'vni', 'udp-port', 'dst-port'];
  const kind = end ? kindOf(type, link) : null;
  if (end && kind) {
    leftOut.push(...unsupportedKeys(label, link, known));
    return [{ ...kind, end, mtu }];
  }
  leftOut.push(`${label}: of type ${type}`);
  return [];
}

const machineEnd = (link: string): ContainerlabEndpoint => ({ node: 'host', link, mac: null, addresses: [] });

type SingleKind = Pick<Exclude<ContainerlabLink, { readonly type: 'veth' }>, 'type' | 'kind'>;

function kindOf(type: string, link: JsonMap): SingleKind | null {
  const parent = textValue(link['host-interface']);
  if (type === 'mgmt-net' || type === 'dummy') return { type, kind: type === 'dummy' ? { dummy: {} } : {} };
  if (type === 'macvlan' && parent !== null) {
    const mode = textValue(link['mode']);
    return { type, kind: { macvlan: omitEmpty({ parent: `host:${parent}`, mode: mode === 'bridge' ? null : mode }) } };
  }
  const [remote, id] = [textValue(link['remote']), textValue(link['vni'])];
  if (!type.startsWith('vxlan') || remote === null || id === null) return null;
  const port = Number(textValue(link['udp-port']) ?? textValue(link['dst-port']) ?? CONTAINERLAB_VXLAN_PORT);
  return {
    type: 'vxlan',
    kind: { vxlan: { id: Number(id), remote, ...(port === VXLAN_PORT ? {} : { port }) } },
  };
}

function vethLink(link: JsonMap, label: string, leftOut: string[]): readonly ContainerlabLink[] {
  const ends = listValue(link['endpoints']).flatMap((one) => endpointOf(one, label, leftOut));
  const [left, right] = ends.map((end, i) => ({ ...end, addresses: [...end.addresses, ...nthAddresses(link, i)] }));
  const mtu = link['mtu'] ?? null;
  leftOut.push(...unsupportedKeys(label, link, [...COMMON, 'endpoints', 'ipv4', 'ipv6']));
  const special = [left, right].find((end) => end && BRIEF_TYPES.test(end.node));
  const end = [left, right].find((one) => one && one !== special);
  const kind = special && end ? kindOf(special.node, { 'host-interface': special.link }) : null;
  if (kind && end) return [{ ...kind, end, mtu }];
  if (left && right && !special) return [{ type: 'veth', ends: [left, right], mtu }];
  leftOut.push(`${label}: of type ${special?.node ?? 'veth'}, with ${ends.length === 1 ? 'one end' : 'no ends'}`);
  return [];
}

/** The addresses of a short form: `ipv4: [of the first end, of the second]`. */
const nthAddresses = (link: JsonMap, i: number): readonly string[] =>
  ['ipv4', 'ipv6'].flatMap((key) => textValues(link[key])[i] ?? []);

/** `srl1:e1-1`, or `{ node, interface, mac, ipv4, ipv6 }`. `dummy` alone is an end, too. */
function endpointOf(written: Json, label: string, leftOut: string[]): readonly ContainerlabEndpoint[] {
  if (typeof written === 'string') {
    const at = written.lastIndexOf(':');
    const [node, link] = at < 0 ? [written, ''] : [written.slice(0, at), written.slice(at + 1)];
    return link !== '' || node === 'dummy' ? [{ node, link, mac: null, addresses: [] }] : [];
  }
  const long = mapValue(written);
  const [node, link] = [textValue(long['node']), textValue(long['interface'])];
  if (node === null || link === null) return [];
  leftOut.push(...unsupportedKeys(`${label}, ${node}:${link}`, long, ['node', 'interface', 'mac', 'ipv4', 'ipv6']));
  const addresses = ['ipv4', 'ipv6'].flatMap((key) => textValues(long[key]));
  return [{ node, link, mac: textValue(long['mac']), addresses }];
}
