import type { Instruction } from '../model/instruction.ts';
import type { LinkKinds } from '../model/link-kind.ts';
import type { NetnsSessions } from './netns/sessions.ts';
import type { NftClient } from './nftables/tables.ts';

/** The handles that stay open while a machine is used. */
export type KernelContext = {
  readonly sessions: NetnsSessions;
  readonly nft: NftClient;
  readonly linkKinds: LinkKinds;
};

/** Runs an action; when the machine refuses it, that is the failure of these instructions. */
export type AttemptFunction = (instructions: readonly Instruction[], action: () => void) => void;
