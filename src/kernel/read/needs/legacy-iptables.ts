import { inNetns } from '../../netns/netns.ts';
import { readLegacySaves } from '../../nftables/iptables-legacy.ts';
import { readInNetns } from '../need-reader.ts';

/** Reads the legacy iptables tables of namespaces. */
export const legacyIptablesReader = readInNetns<'legacy-iptables'>(({ fd }) => {
  const saves = inNetns(fd, readLegacySaves);
  return saves.length === 0 ? null : saves;
});
