import { listPluginFiles } from '../../cni/plugin-file.ts';
import { pluginFolders } from '../../cni/plugin-folders.ts';
import { readEach } from '../need-reader.ts';

/** Lists the CNI plugins that are installed. */
export const pluginNamesReader = readEach<'plugin-names'>(() => listPluginFiles(pluginFolders()));
