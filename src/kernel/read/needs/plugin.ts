import { pluginFolders } from '../../cni/plugin-folders.ts';
import { findPlugin } from '../../cni/query-versions.ts';
import { readEach } from '../need-reader.ts';

/** Finds CNI plugins, and asks each for its versions. */
export const pluginReader = readEach<'plugin'>(({ key }) => findPlugin(key, pluginFolders()));
