import type { Json } from '../../../model/json.ts';
import { firstHost } from '../../first-host.ts';
import type { JsonMap } from '../../result.ts';
import { oneOrList } from '../../result.ts';
import { mapValue, sanitizeName, textValue } from '../../yaml-values.ts';
import type { ContainerlabNode } from './nodes.ts';

/** The network by which containerlab reaches its nodes, where the file says anything about it. */
export type ManagementNetwork = { readonly bridge: string; readonly value: Json };

/** The keys of `mgmt` that a topology has. */
export const MANAGEMENT_KEYS = ['network', 'bridge', 'ipv4-subnet', 'ipv6-subnet', 'ipv4-gw', 'ipv6-gw'];
const DEFAULT_SUBNETS = { 4: '172.20.20.0/24', 6: '3fff:172:20:20::/64' };

/** The management network; null when neither the file nor a node says anything about it, nor a link leads to it. */
export function managementNetwork(
  file: JsonMap,
  nodes: readonly ContainerlabNode[],
  isLinked: boolean,
): ManagementNetwork | null {
  const mgmt = mapValue(file['mgmt']);
  const isMeant = nodes.some(({ value }) =>
    ['mgmt-ipv4', 'mgmt-ipv6', 'ports'].some((key) => value[key] !== undefined),
  );
  if (Object.keys(mgmt).length === 0 && !isMeant && !isLinked) return null;
  const [four, six] = [subnetOf(mgmt, 4), subnetOf(mgmt, 6)];
  const subnets = four === null && six === null ? DEFAULT_SUBNETS : { 4: four, 6: six };
  const gateways = ([4, 6] as const).flatMap((family) =>
    subnets[family] === null ? [] : (textValue(mgmt[`ipv${family}-gw`]) ?? firstHost(subnets[family])),
  );
  return {
    bridge: sanitizeName(textValue(mgmt['bridge']) ?? textValue(mgmt['network']) ?? 'clab'),
    value: { subnet: oneOrList(Object.values(subnets).flatMap((one) => one ?? [])), address: oneOrList(gateways) },
  };
}

/** `auto` lets Docker choose; the default is as good. */
function subnetOf(mgmt: JsonMap, family: 4 | 6): string | null {
  const written = textValue(mgmt[`ipv${family}-subnet`]);
  return written === 'auto' ? DEFAULT_SUBNETS[family] : written;
}

/** Whether containerlab connects a node to the management network. */
export const isManaged = ({ kind, value }: ContainerlabNode): boolean => {
  const mode = textValue(value['network-mode']);
  return kind !== EXTERNAL && (mode === null || mode === 'bridge');
};

/** The kind of a node that is a container of others, which runs already. */
export const EXTERNAL = 'ext-container';
