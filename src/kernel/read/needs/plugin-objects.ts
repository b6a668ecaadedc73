import { readPluginObjects } from '../../cni/footprint/leftovers.ts';
import { findSessions, readEach } from '../need-reader.ts';

/** Says what CNI plugins have made on the machine for what is attached. */
export const pluginObjectsReader = readEach<'plugin-objects'>((_, context) => {
  const [host] = findSessions(context, 'host');
  return host === undefined ? null : readPluginObjects({ host, nft: context.nft });
});
