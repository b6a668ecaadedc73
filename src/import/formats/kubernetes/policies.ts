import type { Json } from '../../../model/json.ts';
import { type JsonMap, oneOrList } from '../../result.ts';
import { listValue, mapValue, textValue, textValues } from '../../yaml-values.ts';
import type { Manifest } from './manifests.ts';
import { conditionsOf, NAME_LABEL, toSelector } from './selectors.ts';

type LeaveOut = (of: Manifest, why: string) => void;

/** A NetworkPolicy as the topology says it. */
export function policyEntry(of: Manifest, leaveOut: LeaveOut): JsonMap {
  const { spec, namespace } = of;
  const types = textValues(spec['policyTypes']);
  const isIsolating = (type: 'Ingress' | 'Egress') =>
    types.length > 0 ? types.includes(type) : type === 'Ingress' || 'egress' in spec;
  return {
    ...(namespace === 'default' ? {} : { project: namespace }),
    select: podSelector(of, spec['podSelector'], leaveOut) ?? { project: namespace },
    ...(isIsolating('Ingress') ? { ingress: rules(of, spec['ingress'], 'from', leaveOut) } : {}),
    ...(isIsolating('Egress') ? { egress: rules(of, spec['egress'], 'to', leaveOut) } : {}),
  };
}

/** The selector of pods of the policy's own namespace; null: all of them. */
function podSelector(of: Manifest, selector: Json | undefined, leaveOut: LeaveOut): JsonMap | null {
  const conditions = conditionsOf(selector);
  if (conditions.length === 0) return null;
  const said = toSelector(conditions);
  if (said === null) leaveOut(of, 'a selector with two conditions on one label');
  return said ?? {};
}

function rules(of: Manifest, written: Json | undefined, side: 'from' | 'to', leaveOut: LeaveOut): readonly JsonMap[] {
  return listValue(written).flatMap((one) => {
    const rule = mapValue(one);
    const listed = listValue(rule[side]);
    const peers = listed.flatMap((peer) => peersOf(of, mapValue(peer), leaveOut));
    // A rule whose peers cannot be said must not let everything pass.
    if (listed.length > 0 && peers.length === 0) return [];
    const ports = listValue(rule['ports']).flatMap((port) => portText(mapValue(port)) ?? []);
    if (ports.length < listValue(rule['ports']).length) leaveOut(of, 'ports of other protocols than TCP and UDP');
    if (ports.length === 0 && listValue(rule['ports']).length > 0) return [];
    return [{ ...(peers.length > 0 ? { [side]: oneOrList(peers) } : {}), ...(ports.length > 0 ? { ports } : {}) }];
  });
}

/** One peer; several where a selector of namespaces lists their names. */
function peersOf(of: Manifest, peer: JsonMap, leaveOut: LeaveOut): readonly Json[] {
  const block = mapValue(peer['ipBlock']);
  const cidr = textValue(block['cidr']);
  if (cidr !== null) {
    const except = textValues(block['except']);
    return [except.length === 0 ? cidr : { cidr, except }];
  }
  const pods = conditionsOf(peer['podSelector']);
  const said = toSelector(pods);
  const projects = 'namespaceSelector' in peer ? projectsOf(peer['namespaceSelector']) : [null];
  if (said === null || projects === null) {
    leaveOut(of, 'a peer with two conditions on one label');
    return [];
  }
  return projects.map((project) => {
    if (project !== null) return { project, ...said };
    return pods.length === 0 ? { project: of.namespace } : said;
  });
}

/** What `project` of a selector says for a selector of namespaces. Null: it cannot be said. */
function projectsOf(selector: Json | undefined): readonly Json[] | null {
  const conditions = conditionsOf(selector);
  if (conditions.length === 0) return ['any'];
  const names = conditions.filter(({ key }) => key === NAME_LABEL);
  const [first] = names;
  if (first !== undefined && conditions.length === 1) {
    const listed = textValues(first.said);
    if (listed.length > 0) return listed;
  }
  const said = toSelector(conditions);
  return said === null ? null : [said];
}

/** `80`, `8000-8100`, `http`, `53/udp`; null: another protocol. */
function portText({ port, endPort, protocol }: JsonMap): Json | null {
  const written = textValue(protocol) ?? 'TCP';
  if (written !== 'TCP' && written !== 'UDP') return null;
  const suffix = written === 'UDP' ? '/udp' : '';
  const number = textValue(port);
  if (number === null) return `1-65535${suffix}`;
  if (typeof endPort === 'number') return `${number}-${endPort}${suffix}`;
  return typeof port === 'number' && suffix === '' ? port : `${number}${suffix}`;
}
