import type { LinkKinds } from '../model/link-kind.ts';
import type { Machine } from '../model/machine.ts';
import { executeInstructions } from './execute/index.ts';
import type { InstructionExecutors } from './execute/instruction-executor.ts';
import { makeNetnsSessions } from './netns/sessions.ts';
import { makeNftClient } from './nftables/tables.ts';
import { sendGratuitousArp } from './packets/gratuitous-arp.ts';
import { readKernelState } from './read/index.ts';
import { closeProcfs } from './sysctl/procfs.ts';

/** The machine that this process runs on. Sockets and contexts are opened when they are needed, and kept until `close`. */
export function realMachine(linkKinds: LinkKinds, executors: InstructionExecutors): Machine {
  const tools = { sessions: makeNetnsSessions(), nft: makeNftClient(), linkKinds };
  const execution = { ...tools, executors };
  return {
    read: (query) => readKernelState(tools, query),
    execute: (batch) => executeInstructions(execution, batch),
    announce: (all) => sendGratuitousArp(tools.sessions, all),
    close: () => {
      tools.sessions.closeAll();
      tools.nft.close();
      closeProcfs();
    },
  };
}
