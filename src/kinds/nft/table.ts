import type { NftPart } from './part.ts';
import { type NftScript, nftScriptOf } from './script.ts';

/** The parts of the lab's table, and the script that they make together. */
export type NftTable = { readonly parts: readonly NftPart[]; readonly script: NftScript };

/** A table of these parts. */
export const nftTableOf = (parts: readonly NftPart[]): NftTable => ({ parts, script: nftScriptOf(parts) });
