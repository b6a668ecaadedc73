import { readInNetns } from '../need-reader.ts';

/** Reads the chains that filter forwarded packets. */
export const chainsReader = readInNetns<'chains'>((session, { nft }) => nft.chains(session));
