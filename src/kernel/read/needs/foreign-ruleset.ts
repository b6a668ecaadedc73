import { readTableNames } from '../../netlink/netfilter/nf-tables.ts';
import { readInNetns } from '../need-reader.ts';

/** Lists the tables of other programs; those of labs can have thousands of rules. */
export const foreignRulesetReader = readInNetns<'foreign-ruleset'>((session, { nft }) => {
  const tables = readTableNames(session.fd).filter((table) => LISTED_TABLE.test(table) && !LAB_TABLE.test(table));
  return tables.length === 0 ? '' : nft.list(session, tables);
});

const LAB_TABLE = /^inet netform_/;
const LISTED_TABLE = /^(?:ip|ip6|inet) [A-Za-z_][\w.-]*$/;
