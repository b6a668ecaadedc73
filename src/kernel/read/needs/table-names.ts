import { readTableNames } from '../../netlink/netfilter/nf-tables.ts';
import { readInNetns } from '../need-reader.ts';

/** Names the nftables tables of namespaces. */
export const tableNamesReader = readInNetns<'table-names'>(({ fd }) => readTableNames(fd));
