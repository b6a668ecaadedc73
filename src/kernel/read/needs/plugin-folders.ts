import { pluginFolders } from '../../cni/plugin-folders.ts';
import { readEach } from '../need-reader.ts';

/** Says where CNI plugins are looked for. */
export const pluginFoldersReader = readEach<'plugin-folders'>(pluginFolders);
