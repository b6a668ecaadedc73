import type { Instruction } from '../model/instruction.ts';
import type { Nft } from './nft.ts';
import type { Sessions } from './sessions.ts';

/** What stays open while a machine is used. */
export type Tools = { readonly sessions: Sessions; readonly nft: Nft };

/** Runs an action; when the machine refuses it, that is the failure of these instructions. */
export type Attempt = (instructions: readonly Instruction[], action: () => void) => void;
