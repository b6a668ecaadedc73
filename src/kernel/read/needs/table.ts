import { readInNetns } from '../need-reader.ts';

const BRIDGE = 'bridge ';

/** Lists tables, and compares each with what its scripts would load. */
export const tableReader = readInNetns<'table'>((session, { nft }, { key, scripts, revision }) =>
  key.startsWith(BRIDGE)
    ? nft.compare(session, { family: 'bridge', table: key.slice(BRIDGE.length), scripts, revision })
    : nft.compare(session, { family: 'inet', table: key, scripts, revision }),
);
