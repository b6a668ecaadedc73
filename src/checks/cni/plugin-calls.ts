import type { Path } from '../../model/diagnostics/source-location.ts';
import type { Lab, LabConflist } from '../../model/lab.ts';
import { isObject, pluginsOf } from './validate-shape.ts';

/** A plugin that a conflist calls, the one of its `ipam` included. */
export type PluginCall = { readonly type: string; readonly at: Path };

export function pluginCalls({ content, at }: Pick<LabConflist, 'content' | 'at'>): readonly PluginCall[] {
  return pluginsOf(content).flatMap(({ plugin, index }) => {
    const { type, ipam } = { type: plugin['type'], ipam: plugin['ipam'] };
    const here = [...at, 'plugins', index];
    const ipamType = isObject(ipam) ? ipam['type'] : undefined;
    return [
      ...(typeof type === 'string' ? [{ type, at: [...here, 'type'] }] : []),
      ...(typeof ipamType === 'string' ? [{ type: ipamType, at: [...here, 'ipam', 'type'] }] : []),
    ];
  });
}

/** The plugins that the lab's conflists call, each once. */
export const pluginTypes = (lab: Lab): readonly string[] => [
  ...new Set(lab.conflists.flatMap(pluginCalls).map(({ type }) => type)),
];
