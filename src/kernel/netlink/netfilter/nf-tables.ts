import { decodeString, parseAttributes, stringAttribute } from '../../../net/netlink-attributes.ts';
import { catchErrno } from '../../errno.ts';
import { inNetns } from '../../netns/netns.ts';
import { type NetlinkMessage, NFGENMSG_LENGTH } from '../message.ts';
import { closeNetlinkSocket, dumpMessages, NETLINK_NETFILTER, openNetlinkSocket, requestReply } from '../socket.ts';
import { nfSetNameAttribute, nfTableImage, unnamedSetKey } from './nf-table-image.ts';

// linux/netlink.h, linux/netfilter/nfnetlink.h, linux/netfilter/nf_tables.h
const NFNL_SUBSYS_NFTABLES = 10;
/** NFT_MSG_GET*: NFT_MSG_GETTABLE, NFT_MSG_GETCHAIN and so on. */
const GET_MESSAGE_TYPES = {
  table: 1,
  chain: 4,
  rule: 7,
  set: 10,
  elements: 13,
  gen: 16,
  object: 19,
  flowtable: 23,
} as const;
const NFPROTO_UNSPEC = 0;
/** The name of the table: NFTA_CHAIN_TABLE, NFTA_RULE_TABLE and NFTA_SET_TABLE are the same number. */
const NFTA_TABLE_NAME = 1;
const NFTA_GEN_ID = 1;
/** NFPROTO_* (linux/netfilter.h) as nft calls them. */
const NFPROTO_NAMES = new Map([
  [1, 'inet'],
  [2, 'ip'],
  [3, 'arp'],
  [5, 'netdev'],
  [7, 'bridge'],
  [10, 'ip6'],
]);
/** The kernel has no nftables, or has not been asked for them yet and cannot load them. */
const NO_NFTABLES = ['EPROTONOSUPPORT', 'EINVAL', 'EOPNOTSUPP'];

type NfTableObjectKind = keyof typeof GET_MESSAGE_TYPES;

/**
 * The number of the ruleset in the namespace of a descriptor: it counts up with each transaction that is committed there,
 * and with nothing else (nf_tables_commit). Null in a kernel without nftables.
 */
export const readRulesetGeneration = (netnsFd: number): number | null =>
  catchErrno(NO_NFTABLES, () =>
    withNetfilterSocket(netnsFd, (socket) => {
      const body = requestReply(socket, getRequest(NFPROTO_UNSPEC, 'gen'));
      return parseAttributes(body, NFGENMSG_LENGTH).get(NFTA_GEN_ID)?.readUInt32BE(0) ?? null;
    }),
  );

/**
 * The elements of sets and maps without a name of one table, by key. The kernel changes none that a rule refers to
 * (EBUSY in nf_tables_newsetelem and nf_tables_delsetelem), so that each has to be read once.
 */
export type KnownElements = Map<string, readonly Buffer[]>;

/** The image of a table of a family (`inet`) in the namespace of a descriptor, for comparison; null in the cases of `dumpTableImage`. `known` is brought up to date. */
export const readTableImage = (
  netnsFd: number,
  family: string,
  table: string,
  known: KnownElements = new Map(),
): string | null =>
  catchErrno(NO_NFTABLES, () => withNetfilterSocket(netnsFd, (socket) => dumpTableImage(socket, family, table, known)));

/** `inet filter`, `ip nat`: the nftables tables of the namespace of a descriptor. */
export const readTableNames = (netnsFd: number): readonly string[] =>
  catchErrno(NO_NFTABLES, () =>
    withNetfilterSocket(netnsFd, (socket) =>
      dumpMessages(socket, getRequest(NFPROTO_UNSPEC, 'table'), decodeTableName),
    ),
  ) ?? [];

const withNetfilterSocket = <T>(netnsFd: number, ask: (socket: number) => T): T =>
  inNetns(netnsFd, () => {
    const socket = openNetlinkSocket(NETLINK_NETFILTER);
    try {
      return ask(socket);
    } finally {
      closeNetlinkSocket(socket);
    }
  });

function decodeTableName(body: Buffer): string | null {
  const name = decodeString(parseAttributes(body, NFGENMSG_LENGTH).get(NFTA_TABLE_NAME));
  const family = NFPROTO_NAMES.get(body.readUInt8(0));
  return name === null || family === undefined ? null : `${family} ${name}`;
}

/**
 * The image of a table of a family of the socket's namespace: a text that is equal for equal tables, without what only counts
 * up (handles, the numbers of sets without a name), with chains, sets and the elements of each in order, whichever came
 * first. `socket` is one of NETLINK_NETFILTER. Null when there is no such table, when it has objects or flowtables, which
 * are not dumped here, and when the ruleset changed meanwhile.
 */
function dumpTableImage(socket: number, family: string, table: string, known: KnownElements): string | null {
  const number = [...NFPROTO_NAMES].find(([, name]) => name === family)?.[0] ?? NFPROTO_UNSPEC;
  const generations = new Set<number>();
  const all = (kind: NfTableObjectKind, more: readonly Buffer[] = []): readonly Buffer[] =>
    dumpMessages(socket, getRequest(number, kind, [stringAttribute(NFTA_TABLE_NAME, table), ...more]), (body) => {
      // The kernel gives the tables and chains of all.
      if (decodeString(parseAttributes(body, NFGENMSG_LENGTH).get(NFTA_TABLE_NAME)) !== table) return null;
      // struct nfgenmsg: u8 family, u8 version, be16 res_id, which is the number of the ruleset that this is of.
      generations.add(body.readUInt16BE(2));
      return Buffer.from(body.subarray(NFGENMSG_LENGTH));
    });
  const tables = all('table');
  const [whole] = tables;
  if (whole === undefined || all('object').length + all('flowtable').length > 0) return null;
  const former = new Map(known);
  known.clear();
  const image = nfTableImage({
    ...{ tables, chains: all('chain'), rules: all('rule') },
    sets: all('set').map((set) => {
      const key = unnamedSetKey(whole, set);
      const elements = former.get(key ?? '') ?? all('elements', [nfSetNameAttribute(set)]);
      if (key !== null) known.set(key, elements);
      return { set, elements };
    }),
  });
  return generations.size === 1 ? image : null;
}

/** struct nfgenmsg: u8 family, u8 version, be16 res_id. NFPROTO_UNSPEC stands for all families. */
const getRequest = (family: number, kind: NfTableObjectKind, attributes: readonly Buffer[] = []): NetlinkMessage => ({
  type: (NFNL_SUBSYS_NFTABLES << 8) | GET_MESSAGE_TYPES[kind],
  flags: 0,
  header: Buffer.from([family, 0, 0, 0]),
  attributes,
});
