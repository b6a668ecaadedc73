import type { Machine } from '../model/machine.ts';
import { announce } from './announce.ts';
import { execute } from './execute.ts';
import { makeNft } from './nft.ts';
import { closeProc } from './proc.ts';
import { read } from './read.ts';
import { makeSessions } from './sessions.ts';

/** The machine that this process runs on. Sockets and contexts are opened when they are needed, and kept until `close`. */
export function realMachine(): Machine {
  const tools = { sessions: makeSessions(), nft: makeNft() };
  return {
    read: (query) => read(tools, query),
    execute: (batch) => execute(tools, batch),
    announce: (all) => announce(tools.sessions, all),
    close: () => {
      tools.sessions.closeAll();
      tools.nft.close();
      closeProc();
    },
  };
}
