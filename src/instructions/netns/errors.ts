import type { ErrnoSentences } from '../../kernel/execute/instruction-executor.ts';
import type { NetnsInstruction } from './types.ts';

/** What errors of making and deleting a namespace mean. */
export const netnsErrors = ({ do: verb, netns }: NetnsInstruction): ErrnoSentences =>
  verb === 'netns.add' || verb === 'netns.link'
    ? {
        EEXIST: `/run/netns/${netns} exists already`,
        ENOSPC: 'no more namespaces are allowed here: raise the sysctl user.max_net_namespaces',
      }
    : { ENOENT: `there is no namespace ${netns}` };
