import { findCniPlugin } from '../cni-plugins.ts';
import { readEach } from '../need-reader.ts';

/** Finds CNI plugins, and asks each for its versions. */
export const pluginReader = readEach<'plugin'>(({ key }) => findCniPlugin(key));
