import type { RulesetSourceNat } from '../../firewall/nft-parse/nat.ts';
import { defineNftPart } from '../../kinds/nft/part.ts';
import { transitionText } from '../../kinds/plan-line.ts';
import { portRangeText } from '../../net/port-range.ts';
import { parsePrefix } from '../../net/prefix.ts';
import { natRules } from './nft-rules.ts';
import type { NatRule } from './rule.ts';
import { staleSourceNat } from './stale-conntrack.ts';

/** Source NAT in the lab's table: rules of postrouting, in the order of the file. */
export const natPart = defineNftPart<NatRule>({
  name: 'nat',
  recordedEmpty: true,
  statements: (rules) => ({ elements: [], rules: { srcnat: natRules(rules) } }),
  describe: {
    noun: 'nat',
    key: ({ kind, from, out }) => JSON.stringify([kind, from, out]),
    title: ({ kind }) => kind,
    text: (before, after) => transitionText(before && natText(before), after && natText(after)),
  },
  equivalent: { keys: ruleKeys, found: ({ nat }) => nat.flatMap(rulesetKeys) },
  staleConntrack: staleSourceNat,
});

function natText({ from, out, exceptTo, as }: NatRule): string {
  const parts = [
    from === null ? 'any' : from.join(' and '),
    as === null ? '' : `as ${as.address}${as.ports === null ? '' : `:${portRangeText(as.ports)}`}`,
    out === null ? '' : `out ${out}`,
    exceptTo.length === 0 ? '' : `except to ${exceptTo.join(' and ')}`,
  ];
  return parts.filter(Boolean).join(' ');
}

/** One for each source. */
function ruleKeys({ from, out, exceptTo, as }: NatRule): readonly string[] {
  const to = as && `${as.address}${as.ports ? `:${portRangeText(as.ports)}` : ''}`;
  return (from ?? [null]).map((source) => JSON.stringify([source, out, exceptTo.toSorted(), to]));
}

function rulesetKeys({ from, out, notOut, exceptTo, as }: RulesetSourceNat): readonly string[] {
  // That it is not for what stays on the LAN is how netform's are, too.
  if (notOut.length > 0 && from === null) return [];
  const except = exceptTo.filter((prefix) => prefix !== from).map(wholePrefix);
  return [JSON.stringify([from === null ? null : wholePrefix(from), out, except.toSorted(), as])];
}

/** `10.0.0.2` as a prefix. */
const wholePrefix = (text: string): string => (parsePrefix(text) ? text : `${text}/${text.includes(':') ? 128 : 32}`);
