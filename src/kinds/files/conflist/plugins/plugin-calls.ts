import { isJsonObject } from '../../../../model/json.ts';
import type { LabFile } from '../../../../model/lab.ts';
import type { TopologyFile } from '../../../../model/topology.ts';
import { pluginsOf } from './validate-shape.ts';

/** The plugins that a conflist calls, the ones of their `ipam` included. */
export function pluginCalls({ content, at }: Pick<TopologyFile, 'content' | 'at'>): LabFile['plugins'] {
  return pluginsOf(content).flatMap(({ plugin, index }) => {
    const { type, ipam } = { type: plugin['type'], ipam: plugin['ipam'] };
    const here = [...at, 'plugins', index];
    const ipamType = isJsonObject(ipam) ? ipam['type'] : undefined;
    return [
      ...(typeof type === 'string' ? [{ type, at: [...here, 'type'] }] : []),
      ...(typeof ipamType === 'string' ? [{ type: ipamType, at: [...here, 'ipam', 'type'] }] : []),
    ];
  });
}
