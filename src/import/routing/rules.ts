import type { NumberRange } from '../../model/instruction.ts';
import { type Json, sameJson } from '../../model/json.ts';
import type { RuleLive } from '../../model/kernel/live-state.ts';
import { RT_TABLE_DEFAULT, RT_TABLE_MAIN, RTPROT_KERNEL } from '../../model/kernel/rtnetlink.ts';
import { unknownText } from '../../model/kernel/unknown-attribute.ts';
import { ipProtocolName } from '../../net/ip-protocols.ts';
import { type ImportModel, importNetnsState, netnsDisplayName } from '../model.ts';
import { type JsonMap, omitEmpty } from '../result.ts';

/** The rules that are not the kernel's own. */
export function importRules(found: ImportModel, netns: string): readonly JsonMap[] {
  const all = (importNetnsState(found, netns)?.rules ?? []).filter(({ protocol }) => protocol !== RTPROT_KERNEL);
  return all.flatMap((rule) => {
    const more = unknownText(rule);
    // Twins of both families are one rule of a file.
    if (more === '' && isTwin(rule, all)) return [];
    if (more === '') return [hasTwin(rule, all) ? omitAll(ruleOf(rule)) : ruleOf(rule)];
    found.unknown(`rule ${rule.priority} of ${netnsDisplayName(netns)}: ${more}`);
    return [];
  });
}

/** Whether the other family has the same rule, without a prefix; the one of IPv6 is then not written. */
const hasTwin = (rule: RuleLive, all: readonly RuleLive[]): boolean =>
  rule.from === null && rule.to === null && all.some((one) => one.family !== rule.family && isSameRule(one, rule));

const isTwin = (rule: RuleLive, all: readonly RuleLive[]): boolean => rule.family === 6 && hasTwin(rule, all);

const isSameRule = (one: RuleLive, other: RuleLive): boolean =>
  sameJson({ ...one, family: 4, protocol: 0 }, { ...other, family: 4, protocol: 0 });

const omitAll = ({ from: _all, ...rule }: JsonMap): JsonMap => rule;

function ruleOf({ family, from, to, iif, oif, mark, table, priority, action, ...rest }: RuleLive): JsonMap {
  const all = mark?.mask === 0xffffffff;
  const { not, tos, ipproto, sport, dport, uidrange, l3mdev, realms } = rest;
  return omitEmpty({
    not,
    // Without a prefix a rule of a file is for both families.
    from: from ?? (to === null ? ALL[family] : null),
    to,
    iif,
    oif,
    mark: mark && (all ? mark.value : `0x${mark.value.toString(16)}/0x${mark.mask.toString(16)}`),
    tos,
    ipproto: ipproto === undefined ? null : ipProtocolWord(ipproto),
    sport: sport && rangeWord(sport),
    dport: dport && rangeWord(dport),
    uidrange: uidrange && rangeWord(uidrange),
    l3mdev,
    table: action === 'lookup' && !l3mdev ? tableWord(table) : null,
    suppressPrefixLength: rest.suppressPrefixLength,
    suppressIfGroup: rest.suppressIfGroup,
    goto: rest.goto,
    realms: realms === undefined || realms.includes('/') ? realms : Number(realms),
    priority,
    type: action === 'lookup' || action === 'goto' ? null : action,
  });
}

const ALL = { 4: '0.0.0.0/0', 6: '::/0' } as const;

const rangeWord = ({ first, last }: NumberRange): Json => (first === last ? first : `${first}-${last}`);

function ipProtocolWord(number: number): Json {
  const name = ipProtocolName(number);
  return name === String(number) ? number : name;
}

const tableWord = (table: number): Json =>
  table === RT_TABLE_MAIN ? 'main' : table === RT_TABLE_DEFAULT ? 'default' : table;
