import { listCniPlugins } from '../cni-plugins.ts';
import { readEach } from '../need-reader.ts';

/** Lists the CNI plugins that are installed. */
export const pluginNamesReader = readEach<'plugin-names'>(listCniPlugins);
