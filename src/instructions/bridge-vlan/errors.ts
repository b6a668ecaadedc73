import type { ErrnoSentences } from '../../kernel/execute/instruction-executor.ts';
import type { BridgeVlanInstruction } from './types.ts';

/** What errors of changing the VLANs of a port mean. */
export const bridgeVlanErrors = ({ dev }: BridgeVlanInstruction): ErrnoSentences => ({
  EOPNOTSUPP: 'bridges of this kernel cannot keep VLANs apart',
  EINVAL: `${dev} is not a port of a bridge`,
  ENOENT: `${dev} is not in that VLAN`,
});
