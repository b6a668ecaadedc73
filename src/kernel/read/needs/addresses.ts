import { dumpAddresses } from '../../netlink/address.ts';
import { readLinkName } from '../../netlink/link-dump.ts';
import { readInNetns } from '../need-reader.ts';

/** Reads addresses without a dump of links: few links have an address that someone chose, and each is asked for its name. */
export const addressesReader = readInNetns<'addresses'>(({ socket }) => {
  const chosen = dumpAddresses(socket, String).filter(({ prefix }) => !prefix.startsWith('fe80:'));
  const indexes = [...new Set(chosen.map(({ dev }) => dev))];
  const names = new Map(indexes.map((index) => [index, readLinkName(socket, Number(index))]));
  return chosen.flatMap((one) => {
    const dev = names.get(one.dev) ?? null;
    return dev === null ? [] : [{ ...one, dev }];
  });
});
