import { readEach } from '../need-reader.ts';

/** Loads libnftables, and says what to install where it is missing. */
export const missingNftReader = readEach<'missing-nft'>((_need, { nft }) => nft.missingPackage());
