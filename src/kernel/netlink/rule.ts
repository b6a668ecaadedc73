import { PROTOCOL, type RuleValue } from '../../model/instruction.ts';
import type { RuleLive } from '../../model/live.ts';
import { prefixOf } from '../../net/prefix.ts';
import {
  afOf,
  attributes,
  bytes,
  bytesOf,
  familyOfAf,
  given,
  readAddress,
  readText,
  readU8,
  readU32,
  string,
  u8,
  u32,
} from './attributes.ts';
import type { Message } from './message.ts';
import { dump } from './socket.ts';

// linux/rtnetlink.h, linux/fib_rules.h
const RTM_NEWRULE = 32;
const RTM_DELRULE = 33;
const RTM_GETRULE = 34;
const NLM_F_CREATE = 0x400;
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
const ACTIONS = { lookup: 1, blackhole: 6, unreachable: 7, prohibit: 8 } as const;

const actionNames = new Map<number, RuleValue['action']>([
  [ACTIONS.lookup, 'lookup'],
  [ACTIONS.blackhole, 'blackhole'],
  [ACTIONS.unreachable, 'unreachable'],
  [ACTIONS.prohibit, 'prohibit'],
]);

/** Adds a rule, also when there is such a one: with EXCL one that has further selectors would be in its way. */
export const addRule = (rule: RuleValue): Message => ({
  type: RTM_NEWRULE,
  flags: NLM_F_CREATE,
  header: header(rule),
  attributes: selector(rule),
});

/** Deletes the first rule that has all of the given selectors: one with further selectors matches too. */
export const deleteRule = (rule: RuleValue): Message => ({ ...addRule(rule), type: RTM_DELRULE, flags: 0 });

/** The rules of both families of a socket's namespace, in the kernel's order. */
export const dumpRules = (socket: number): readonly RuleLive[] =>
  dump(
    socket,
    { type: RTM_GETRULE, flags: 0, header: Buffer.alloc(RULE_HEADER_LENGTH), attributes: [] },
    (body): RuleLive | null => {
      const family = familyOfAf(body.readUInt8(0));
      const action = actionNames.get(body.readUInt8(7));
      if (!family || !action) return null;
      const rule = attributes(body, RULE_HEADER_LENGTH);
      return {
        family,
        from: decodePrefix(rule.get(FRA_SRC), body.readUInt8(2)),
        to: decodePrefix(rule.get(FRA_DST), body.readUInt8(1)),
        iif: readText(rule.get(FRA_IIFNAME)),
        oif: readText(rule.get(FRA_OIFNAME)),
        mark: decodeMark(readU32(rule.get(FRA_FWMARK)), readU32(rule.get(FRA_FWMASK))),
        table: readU32(rule.get(FRA_TABLE)) ?? body.readUInt8(4),
        priority: readU32(rule.get(FRA_PRIORITY)) ?? 0,
        action,
        protocol: readU8(rule.get(FRA_PROTOCOL)) ?? 0,
      };
    },
  );

/** struct fib_rule_hdr: u8 family, dst_len, src_len, tos, table, res1, res2, action; u32 flags. */
function header(rule: RuleValue): Buffer {
  const lengthOf = (prefix: string | null): number => (prefix === null ? 0 : prefixOf(prefix).length);
  const table = rule.table < 256 ? rule.table : 0;
  const af = afOf(rule.family);
  return Buffer.from([af, lengthOf(rule.to), lengthOf(rule.from), 0, table, 0, 0, ACTIONS[rule.action], 0, 0, 0, 0]);
}

const selector = (rule: RuleValue): readonly Buffer[] => [
  u32(FRA_PRIORITY, rule.priority),
  ...(rule.table > 0 ? [u32(FRA_TABLE, rule.table)] : []),
  ...given(rule.from, (prefix) => bytes(FRA_SRC, bytesOf(prefixOf(prefix)))),
  ...given(rule.to, (prefix) => bytes(FRA_DST, bytesOf(prefixOf(prefix)))),
  ...given(rule.iif, (name) => string(FRA_IIFNAME, name)),
  ...given(rule.oif, (name) => string(FRA_OIFNAME, name)),
  ...(rule.mark ? [u32(FRA_FWMARK, rule.mark.value), u32(FRA_FWMASK, rule.mark.mask)] : []),
  u8(FRA_PROTOCOL, rule.protocol ?? PROTOCOL),
];

const decodePrefix = (address: Buffer | undefined, length: number): string | null =>
  address ? `${readAddress(address)}/${length}` : null;

const decodeMark = (value: number | null, mask: number | null): RuleValue['mark'] =>
  value === null && mask === null ? null : { value: value ?? 0, mask: mask ?? 0xffffffff };
