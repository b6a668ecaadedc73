import { readPluginObjectUses } from '../../cni/footprint/leftovers.ts';
import { findSessions, readEach } from '../need-reader.ts';

/** Says who uses what CNI plugins make on a machine. */
export const pluginObjectUsesReader = readEach<'plugin-object-uses'>((_, context) => {
  const [host] = findSessions(context, 'host');
  return host === undefined ? null : readPluginObjectUses({ host, nft: context.nft });
});
