import { readInNetns } from '../need-reader.ts';

/** Lists tables, and compares each with what its scripts would load. */
export const tableReader = readInNetns<'table'>((session, { nft }, { key, scripts }) =>
  nft.compare(session, key, scripts),
);
