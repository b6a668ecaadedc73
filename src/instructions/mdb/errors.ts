import type { ErrnoSentences } from '../../kernel/execute/instruction-executor.ts';
import type { MdbInstruction } from './types.ts';

/** What errors of changing a multicast table mean. */
export const mdbErrors = ({ do: verb, bridge, dev, group }: MdbInstruction): ErrnoSentences => ({
  EINVAL:
    verb === 'mdb.add'
      ? `${bridge} keeps no groups: it is down, its multicastSnooping is off, or ${dev} is not one of its ports`
      : `${dev} does not get ${group}`,
  EOPNOTSUPP: 'bridges of this kernel have no multicast tables (CONFIG_BRIDGE_IGMP_SNOOPING)',
});
