import type { LinkKinds } from '../model/link-kind.ts';
import type { Machine } from '../model/machine.ts';
import { connectLinks } from './execute/connect-links.ts';
import { executeInstructions } from './execute/index.ts';
import type { InstructionExecutors } from './execute/instruction-executor.ts';
import { awaitCarriers } from './execute/wait-for-carrier.ts';
import { makeNetnsSessions } from './netns/sessions.ts';
import { makeNftClient } from './nftables/tables.ts';
import { sendGratuitousArp } from './packets/gratuitous-arp.ts';
import { movedAddresses } from './packets/moved-addresses.ts';
import { readKernelState } from './read/index.ts';
import { readNamespacesAgain } from './read/read-again.ts';
import { closeProcfs } from './sysctl/procfs.ts';

/** The machine that this process runs on. Sockets and contexts are opened when they are needed, and kept until `close`. */
export function realMachine(linkKinds: LinkKinds, executors: InstructionExecutors): Machine {
  const tools = { sessions: makeNetnsSessions(), nft: makeNftClient(), linkKinds };
  const execution = { ...tools, executors };
  const read: Machine['read'] = (query) => readKernelState(tools, query);
  return {
    read,
    execute: (batch) => executeInstructions(execution, batch),
    connect: (batch, live) => connectLinks(execution, batch, live),
    readAgain: (live, batch) => readNamespacesAgain(tools, live, batch),
    afterRun: async ({ before, after }) => {
      await awaitCarriers(tools.sessions, after);
      await sendGratuitousArp(tools.sessions, movedAddresses({ before, after }));
    },
    close: () => {
      tools.sessions.closeAll();
      tools.nft.close();
      closeProcfs();
    },
  };
}
