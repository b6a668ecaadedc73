import { readInNetns } from '../need-reader.ts';

/** Lists everything in nftables. */
export const rulesetReader = readInNetns<'ruleset'>((session, { nft }) => nft.ruleset(session));
