import { NETFORM_PROTOCOL, type NumberRange, type RuleOptions, type RuleValue } from '../../model/instruction.ts';
import type { RuleLive } from '../../model/kernel/live-state.ts';
import type { UnknownAttribute } from '../../model/kernel/unknown-attribute.ts';
import {
  addressFamilyNumber,
  bytesAttribute,
  decodeIpAddress,
  decodeString,
  decodeU8,
  decodeU32,
  familyOfAf,
  ipBytes,
  type NetlinkAttributes,
  optionalAttribute,
  parseAttributes,
  stringAttribute,
  u8Attribute,
  u32Attribute,
} from '../../net/netlink-attributes.ts';
import { requirePrefix } from '../../net/prefix.ts';
import { decodeOnce, type NetlinkMessage, NLM_F_CREATE } from './message.ts';
import { formatRealms, parseRealms } from './realms.ts';
import { dumpMessages } from './socket.ts';
import { type AttributeTable, listUnknownAttributes, listUnknownFlags, withUnknown } from './unknown-attributes.ts';

// linux/rtnetlink.h, linux/fib_rules.h
const RTM_NEWRULE = 32;
const RTM_DELRULE = 33;
const RTM_GETRULE = 34;
const RULE_HEADER_LENGTH = 12;
const FRA_DST = 1;
const FRA_SRC = 2;
const FRA_IIFNAME = 3;
const FRA_GOTO = 4;
const FRA_PRIORITY = 6;
const FRA_FWMARK = 10;
const FRA_FLOW = 11;
const FRA_TUN_ID = 12;
const FRA_SUPPRESS_IFGROUP = 13;
const FRA_SUPPRESS_PREFIXLEN = 14;
const FRA_TABLE = 15;
const FRA_FWMASK = 16;
const FRA_OIFNAME = 17;
const FRA_PAD = 18;
const FRA_L3MDEV = 19;
const FRA_UID_RANGE = 20;
const FRA_PROTOCOL = 21;
const FRA_IP_PROTO = 22;
const FRA_SPORT_RANGE = 23;
const FRA_DPORT_RANGE = 24;
const FRA_DSCP = 25;
const FRA_FLOWLABEL = 26;
const FRA_SPORT_MASK = 28;
const FRA_DPORT_MASK = 29;

const FIB_RULE_INVERT = 2;
/** FIB_RULE_PERMANENT. */
const FLAG_NAMES: ReadonlyMap<number, string> = new Map([[1, 'permanent']]);
/** FIB_RULE_UNRESOLVED, FIB_RULE_IIF_DETACHED, FIB_RULE_OIF_DETACHED: what the rule names is not there now. */
const STATE_FLAGS = 0x4 | 0x8 | 0x10;

/** FR_ACT_* of linux/fib_rules.h: TO_TBL, GOTO, NOP, BLACKHOLE, UNREACHABLE, PROHIBIT. */
const ACTIONS = { lookup: 1, goto: 2, nop: 3, blackhole: 6, unreachable: 7, prohibit: 8 } as const;

const actionNames = new Map<number, RuleValue['action']>(
  Object.entries(ACTIONS).map(([name, number]) => [number, name as RuleValue['action']]),
);

const hexOf = (payload: Buffer): string => `0x${payload.toString('hex')}`;

const ATTRIBUTES: AttributeTable = {
  known: new Set([
    ...[FRA_DST, FRA_SRC, FRA_IIFNAME, FRA_GOTO, FRA_PRIORITY, FRA_FWMARK, FRA_FLOW, FRA_SUPPRESS_IFGROUP],
    ...[FRA_SUPPRESS_PREFIXLEN, FRA_TABLE, FRA_FWMASK, FRA_OIFNAME, FRA_PAD, FRA_L3MDEV, FRA_UID_RANGE],
    ...[FRA_PROTOCOL, FRA_IP_PROTO, FRA_SPORT_RANGE, FRA_DPORT_RANGE],
  ]),
  named: new Map([
    [FRA_TUN_ID, { name: 'tun_id', text: (payload) => String(payload.readBigUInt64BE()) }],
    [FRA_DSCP, { name: 'dscp', text: (payload) => String(payload.readUInt8()) }],
    [FRA_SPORT_MASK, { name: 'sport mask', text: hexOf }],
    [FRA_DPORT_MASK, { name: 'dport mask', text: hexOf }],
    [FRA_FLOWLABEL, { name: 'flowlabel', text: hexOf }],
  ]),
};

/** Adds a rule, also when there is such a one: with EXCL one that has further selectors would be in its way. */
export const addRuleMessage = (rule: RuleValue): NetlinkMessage => ({
  type: RTM_NEWRULE,
  flags: NLM_F_CREATE,
  header: ruleHeader(rule),
  attributes: selectorAttributes(rule),
});

/** Deletes the first rule that has all of the given selectors: one with further selectors matches too. */
export const deleteRuleMessage = (rule: RuleValue): NetlinkMessage => ({
  ...addRuleMessage(rule),
  type: RTM_DELRULE,
  flags: 0,
});

/** The rules of both families of a socket's namespace, in the kernel's order. */
export const dumpRules = (socket: number, known = new Map<string, RuleLive | null>()): readonly RuleLive[] =>
  dumpMessages(
    socket,
    { type: RTM_GETRULE, flags: 0, header: Buffer.alloc(RULE_HEADER_LENGTH), attributes: [] },
    decodeOnce(known, decodeRuleMessage),
  );

/** Null: of another family than IPv4 and IPv6. */
export function decodeRuleMessage(body: Buffer): RuleLive | null {
  const family = familyOfAf(body.readUInt8(0));
  if (!family) return null;
  const action = actionNames.get(body.readUInt8(7));
  const flags = body.readUInt32LE(8);
  const rule = parseAttributes(body, RULE_HEADER_LENGTH);
  return {
    family,
    from: decodePrefix(rule.get(FRA_SRC), body.readUInt8(2)),
    to: decodePrefix(rule.get(FRA_DST), body.readUInt8(1)),
    iif: decodeString(rule.get(FRA_IIFNAME)),
    oif: decodeString(rule.get(FRA_OIFNAME)),
    mark: decodeMark(decodeU32(rule.get(FRA_FWMARK)), decodeU32(rule.get(FRA_FWMASK))),
    table: decodeU32(rule.get(FRA_TABLE)) ?? body.readUInt8(4),
    priority: decodeU32(rule.get(FRA_PRIORITY)) ?? 0,
    action: action ?? 'nop',
    protocol: decodeU8(rule.get(FRA_PROTOCOL)) ?? 0,
    ...decodeOptions(rule, { flags, tos: body.readUInt8(3) }),
    ...withUnknown(
      action ? [] : [{ name: 'action', value: String(body.readUInt8(7)) }],
      listUnknownFlags(flags, { known: FIB_RULE_INVERT | STATE_FLAGS, named: FLAG_NAMES }),
      listUnknownAttributes(body, RULE_HEADER_LENGTH, ATTRIBUTES).filter(
        ({ name, value }) => !isWholePort(name, value),
      ),
    ),
  };
}

/** Linux 6.15 lists a mask with every port: all bits where none was given. */
const isWholePort = (name: string, value: string): boolean => name.endsWith(' mask') && value === '0xffff';

function decodeOptions(
  rule: NetlinkAttributes,
  { flags, tos }: { readonly flags: number; readonly tos: number },
): RuleOptions {
  const [ipproto, flow] = [decodeU8(rule.get(FRA_IP_PROTO)), decodeU32(rule.get(FRA_FLOW))];
  const [sport, dport] = [decodePorts(rule.get(FRA_SPORT_RANGE)), decodePorts(rule.get(FRA_DPORT_RANGE))];
  const uids = rule.get(FRA_UID_RANGE);
  const length = decodeSuppressed(rule.get(FRA_SUPPRESS_PREFIXLEN));
  const group = decodeSuppressed(rule.get(FRA_SUPPRESS_IFGROUP));
  const target = decodeU32(rule.get(FRA_GOTO));
  return {
    ...(flags & FIB_RULE_INVERT ? { not: true } : {}),
    ...(tos === 0 ? {} : { tos }),
    ...(ipproto === null ? {} : { ipproto }),
    ...(sport === null ? {} : { sport }),
    ...(dport === null ? {} : { dport }),
    ...(uids ? { uidrange: { first: uids.readUInt32LE(0), last: uids.readUInt32LE(4) } } : {}),
    ...(decodeU8(rule.get(FRA_L3MDEV)) ? { l3mdev: true } : {}),
    ...(length === null ? {} : { suppressPrefixLength: length }),
    ...(group === null ? {} : { suppressIfGroup: group }),
    ...(target === null ? {} : { goto: target }),
    ...(flow === null ? {} : { realms: formatRealms(flow) }),
  };
}

/** struct fib_rule_hdr: u8 family, dst_len, src_len, tos, table, res1, res2, action; u32 flags. */
function ruleHeader(rule: RuleValue): Buffer {
  const lengthOf = (prefix: string | null): number => (prefix === null ? 0 : requirePrefix(prefix).length);
  const table = rule.table < 256 ? rule.table : 0;
  const [af, action] = [addressFamilyNumber(rule.family), ACTIONS[rule.action]];
  const header = [af, lengthOf(rule.to), lengthOf(rule.from), rule.tos ?? 0, table, 0, 0, action];
  return Buffer.from([...header, rule.not ? FIB_RULE_INVERT : 0, 0, 0, 0]);
}

const selectorAttributes = (rule: RuleValue): readonly Buffer[] => [
  u32Attribute(FRA_PRIORITY, rule.priority),
  ...(rule.table > 0 ? [u32Attribute(FRA_TABLE, rule.table)] : []),
  ...optionalAttribute(rule.from, (prefix) => bytesAttribute(FRA_SRC, ipBytes(requirePrefix(prefix)))),
  ...optionalAttribute(rule.to, (prefix) => bytesAttribute(FRA_DST, ipBytes(requirePrefix(prefix)))),
  ...optionalAttribute(rule.iif, (name) => stringAttribute(FRA_IIFNAME, name)),
  ...optionalAttribute(rule.oif, (name) => stringAttribute(FRA_OIFNAME, name)),
  ...(rule.mark ? [u32Attribute(FRA_FWMARK, rule.mark.value), u32Attribute(FRA_FWMASK, rule.mark.mask)] : []),
  u8Attribute(FRA_PROTOCOL, rule.protocol ?? NETFORM_PROTOCOL),
  ...optionAttributes(rule),
  ...(rule.unknown ?? []).flatMap(unknownAttribute),
];

/** What a deletion can say of a rule that the language cannot: without it, it would hit others. */
function unknownAttribute({ name, value }: UnknownAttribute): readonly Buffer[] {
  if (name === 'dscp') return [u8Attribute(FRA_DSCP, Number(value))];
  if (name !== 'tun_id') return [];
  const payload = Buffer.alloc(8);
  payload.writeBigUInt64BE(BigInt(value));
  return [bytesAttribute(FRA_TUN_ID, payload)];
}

const optionAttributes = (rule: RuleOptions): readonly Buffer[] => [
  ...optionalAttribute(rule.ipproto, (value) => u8Attribute(FRA_IP_PROTO, value)),
  ...optionalAttribute(rule.sport, (ports) => bytesAttribute(FRA_SPORT_RANGE, portBytes(ports))),
  ...optionalAttribute(rule.dport, (ports) => bytesAttribute(FRA_DPORT_RANGE, portBytes(ports))),
  ...optionalAttribute(rule.uidrange, ({ first, last }) =>
    bytesAttribute(FRA_UID_RANGE, Buffer.from(new Uint32Array([first, last]).buffer)),
  ),
  ...optionalAttribute(rule.l3mdev, () => u8Attribute(FRA_L3MDEV, 1)),
  ...optionalAttribute(rule.suppressPrefixLength, (value) => u32Attribute(FRA_SUPPRESS_PREFIXLEN, value)),
  ...optionalAttribute(rule.suppressIfGroup, (value) => u32Attribute(FRA_SUPPRESS_IFGROUP, value)),
  ...optionalAttribute(rule.goto, (value) => u32Attribute(FRA_GOTO, value)),
  ...optionalAttribute(rule.realms, (value) => u32Attribute(FRA_FLOW, parseRealms(value))),
];

/** struct fib_rule_port_range: u16 start, end, in the host's byte order. */
const portBytes = ({ first, last }: NumberRange): Buffer => Buffer.from(new Uint16Array([first, last]).buffer);

const decodePorts = (payload: Buffer | undefined): NumberRange | null =>
  payload ? { first: payload.readUInt16LE(0), last: payload.readUInt16LE(2) } : null;

/** The kernel lists 0xffffffff for a rule that suppresses nothing. */
function decodeSuppressed(payload: Buffer | undefined): number | null {
  const value = decodeU32(payload);
  return value === 0xffffffff ? null : value;
}

const decodePrefix = (address: Buffer | undefined, length: number): string | null =>
  address ? `${decodeIpAddress(address)}/${length}` : null;

const decodeMark = (value: number | null, mask: number | null): RuleValue['mark'] =>
  value === null && mask === null ? null : { value: value ?? 0, mask: mask ?? 0xffffffff };
