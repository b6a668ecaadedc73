import { decodeString, listAttributes, parseAttributes, stringAttribute } from './attributes.ts';
import type { NetlinkMessage } from './message.ts';
import { dumpMessages } from './socket.ts';

// linux/netfilter/nfnetlink.h, linux/netfilter/nf_tables.h
const NFNL_SUBSYS_NFTABLES = 10;
/** NFT_MSG_GET*. */
const GET_MESSAGE_TYPES = { table: 1, chain: 4, rule: 7, set: 10, elements: 13, object: 19, flowtable: 23 } as const;
const NFPROTO_INET = 1;
const NFGENMSG_LENGTH = 4;
/** The name of the table: NFTA_TABLE_NAME, NFTA_CHAIN_TABLE, NFTA_RULE_TABLE and NFTA_SET_TABLE are the same number. */
const NFTA_TABLE = 1;
const NFTA_SET_NAME = 2;
const NFTA_SET_ELEM_LIST_ELEMENTS = 3;
/** NFTA_TABLE_HANDLE; NFTA_CHAIN_HANDLE; NFTA_RULE_HANDLE, NFTA_RULE_POSITION; NFTA_SET_HANDLE. */
const HANDLE_ATTRIBUTES: { readonly [kind in NfTableObjectKind]?: readonly number[] } = {
  table: [4],
  chain: [2],
  rule: [3, 6],
  set: [16],
};

type NfTableObjectKind = keyof typeof GET_MESSAGE_TYPES;

/**
 * Everything that the kernel says of a table (`inet`) of the socket's namespace, as text that is the same for the same
 * table: without the handles, which count up, and with the elements of a set in order. `socket` is one of
 * NETLINK_NETFILTER. Null when there is no such table, when it has what is not looked at here (objects, flowtables), and
 * when something was changed meanwhile.
 */
export function dumpTableImage(socket: number, table: string): string | null {
  const generations = new Set<number>();
  const all = (kind: NfTableObjectKind, more: readonly Buffer[] = []): readonly Buffer[] =>
    dumpMessages(socket, nfTableRequest(kind, [stringAttribute(NFTA_TABLE, table), ...more]), (body) => {
      // The kernel gives the tables and chains of all.
      if (decodeString(parseAttributes(body, NFGENMSG_LENGTH).get(NFTA_TABLE)) !== table) return null;
      // struct nfgenmsg: u8 family, u8 version, be16 res_id, which is the number of the ruleset that this is of.
      generations.add(body.readUInt16BE(2));
      return Buffer.from(body.subarray(NFGENMSG_LENGTH));
    });
  const whole = (kind: NfTableObjectKind): readonly Buffer[] => all(kind).map((body) => withoutHandles(kind, body));
  const tables = whole('table');
  if (tables.length === 0 || all('object').length + all('flowtable').length > 0) return null;
  const sets = whole('set');
  const parts = [...tables, ...whole('chain'), ...whole('rule'), ...sets.flatMap((set) => [set, elementsOf(set)])];
  return generations.size === 1 ? parts.map((part) => `${part.length}:${part.toString('latin1')}`).join('') : null;

  function elementsOf(set: Buffer): Buffer {
    const name = decodeString(parseAttributes(set).get(NFTA_SET_NAME)) ?? '';
    const lists = all('elements', [stringAttribute(NFTA_SET_NAME, name)]).map((body) =>
      parseAttributes(body).get(NFTA_SET_ELEM_LIST_ELEMENTS),
    );
    const elements = lists.flatMap((list) => (list ? listAttributes(list).map(({ whole }) => whole) : []));
    return Buffer.concat(elements.sort(Buffer.compare));
  }
}

function withoutHandles(kind: NfTableObjectKind, body: Buffer): Buffer {
  const handles = HANDLE_ATTRIBUTES[kind] ?? [];
  return Buffer.concat(listAttributes(body).flatMap(({ type, whole }) => (handles.includes(type) ? [] : [whole])));
}

const nfTableRequest = (kind: NfTableObjectKind, attributes: readonly Buffer[]): NetlinkMessage => ({
  type: (NFNL_SUBSYS_NFTABLES << 8) | GET_MESSAGE_TYPES[kind],
  flags: 0,
  header: Buffer.from([NFPROTO_INET, 0, 0, 0]),
  attributes,
});
