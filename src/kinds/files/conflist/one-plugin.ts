import { isJsonObject } from '../../../model/json.ts';
import type { LabFile } from '../../../model/lab.ts';

/** A list of one plugin in the older form of a `.conf` file: the plugin, with the name and the version of the network. */
export function onePlugin(content: LabFile['content']): LabFile['content'] {
  const { plugins, ...network } = content;
  const [plugin] = Array.isArray(plugins) ? plugins : [];
  return isJsonObject(plugin) ? { ...network, ...plugin } : content;
}
