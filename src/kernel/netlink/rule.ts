import { NETFORM_PROTOCOL, type RuleValue } from '../../model/instruction.ts';
import type { RuleLive } from '../../model/kernel/live-state.ts';
import {
  afOf,
  bytesAttribute,
  decodeIpAddress,
  decodeString,
  decodeU8,
  decodeU32,
  familyOfAf,
  ipBytes,
  optionalAttribute,
  parseAttributes,
  stringAttribute,
  u8Attribute,
  u32Attribute,
} from '../../net/netlink-attributes.ts';
import { requirePrefix } from '../../net/prefix.ts';
import { type NetlinkMessage, NLM_F_CREATE } from './message.ts';
import { dumpMessages } from './socket.ts';

// linux/rtnetlink.h, linux/fib_rules.h
const RTM_NEWRULE = 32;
const RTM_DELRULE = 33;
const RTM_GETRULE = 34;
const RULE_HEADER_LENGTH = 12;
const FRA_DST = 1;
const FRA_SRC = 2;
const FRA_IIFNAME = 3;
const FRA_PRIORITY = 6;
const FRA_FWMARK = 10;
const FRA_TABLE = 15;
const FRA_FWMASK = 16;
const FRA_OIFNAME = 17;
const FRA_PROTOCOL = 21;
/** FR_ACT_* of linux/fib_rules.h: TO_TBL, BLACKHOLE, UNREACHABLE, PROHIBIT. */
const ACTIONS = { lookup: 1, blackhole: 6, unreachable: 7, prohibit: 8 } as const;

const actionNames = new Map<number, RuleValue['action']>([
  [ACTIONS.lookup, 'lookup'],
  [ACTIONS.blackhole, 'blackhole'],
  [ACTIONS.unreachable, 'unreachable'],
  [ACTIONS.prohibit, 'prohibit'],
]);

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
export const dumpRules = (socket: number): readonly RuleLive[] =>
  dumpMessages(
    socket,
    { type: RTM_GETRULE, flags: 0, header: Buffer.alloc(RULE_HEADER_LENGTH), attributes: [] },
    (body): RuleLive | null => {
      const family = familyOfAf(body.readUInt8(0));
      const action = actionNames.get(body.readUInt8(7));
      if (!family || !action) return null;
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
        action,
        protocol: decodeU8(rule.get(FRA_PROTOCOL)) ?? 0,
      };
    },
  );

/** struct fib_rule_hdr: u8 family, dst_len, src_len, tos, table, res1, res2, action; u32 flags. */
function ruleHeader(rule: RuleValue): Buffer {
  const lengthOf = (prefix: string | null): number => (prefix === null ? 0 : requirePrefix(prefix).length);
  const table = rule.table < 256 ? rule.table : 0;
  const af = afOf(rule.family);
  return Buffer.from([af, lengthOf(rule.to), lengthOf(rule.from), 0, table, 0, 0, ACTIONS[rule.action], 0, 0, 0, 0]);
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
];

const decodePrefix = (address: Buffer | undefined, length: number): string | null =>
  address ? `${decodeIpAddress(address)}/${length}` : null;

const decodeMark = (value: number | null, mask: number | null): RuleValue['mark'] =>
  value === null && mask === null ? null : { value: value ?? 0, mask: mask ?? 0xffffffff };
