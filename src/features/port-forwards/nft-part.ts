import type { RulesetPortForward } from '../../firewall/nft-parse/nat.ts';
import { defineNftPart } from '../../kinds/nft/part.ts';
import { transitionText } from '../../kinds/plan-line.ts';
import { joinLimited } from '../../lab/messages.ts';
import type { ExclusiveClaim } from '../../model/diagnostics/exclusive-claim.ts';
import { bracketIpv6 } from '../../net/address.ts';
import { portRangeText } from '../../net/port-range.ts';
import { forwardStatements } from './nft-statements.ts';
import { type ForwardRule, targetsOfRule } from './rule.ts';
import { staleForwards } from './stale-conntrack.ts';

/** Port forwards in the lab's table: maps from where one listens to the target, and the rules that look them up. */
export const forwardsPart = defineNftPart<ForwardRule>({
  name: 'forwards',
  recordedEmpty: true,
  statements: forwardStatements,
  describe: {
    noun: 'forward',
    key: ({ family, address, ports, protocols }) => JSON.stringify([family, address, ports, protocols]),
    title: listenText,
    text: (before, after) => `to ${transitionText(before && targetText(before), after && targetText(after))}`,
  },
  equivalent: { keys: ruleKeys, found: ({ forwards }) => forwards.flatMap(rulesetKeys) },
  exclusive: (rules) => rules.map(portClaim),
  staleConntrack: staleForwards,
});

function portClaim(rule: ForwardRule): ExclusiveClaim {
  const { family, address, ports, protocols } = rule;
  const labels = joinLimited(targetsOfRule(rule).map(({ label }) => label));
  const text = `port ${portRangeText(ports)}/${protocols.join('+')} (forwarded to ${labels})`;
  return { of: 'port', family, address, ports, protocols, text };
}

function listenText({ address, ports, protocols }: ForwardRule): string {
  const where = address === null ? '' : `${bracketIpv6(address)}:`;
  return `${where}${portRangeText(ports)}/${protocols.join('+')}`;
}

/** `web 10.0.0.2:80`; `web-1 10.0.0.2:80 weight 1, web-2 10.0.0.3:80 weight 3`. */
function targetText(rule: ForwardRule): string {
  const listed = targetsOfRule(rule).map(({ label, address, ports, weight }) => {
    const where = `${bracketIpv6(address)}:${portRangeText(ports)}`;
    const named = label === address ? where : `${label} ${where}`;
    return 'targets' in rule ? `${named} weight ${weight}` : named;
  });
  return joinLimited(listed);
}

/** One for each protocol. Rules of others are not compared with a forward to several targets. */
function ruleKeys(rule: ForwardRule): readonly string[] {
  if ('targets' in rule) return [JSON.stringify(rule)];
  const { address, ports, protocols, target } = rule;
  return protocols.map((protocol) =>
    JSON.stringify([address, portRangeText(ports), protocol, target.address, portRangeText(target.ports)]),
  );
}

/** None for a forward of one incoming link only, which the language cannot say. */
function rulesetKeys({
  onlyFrom,
  address,
  ports,
  protocols,
  target,
  targetPorts,
}: RulesetPortForward): readonly string[] {
  if (onlyFrom !== null) return [];
  return protocols.map((protocol) =>
    JSON.stringify([address, portRangeText(ports), protocol, target, portRangeText(targetPorts ?? ports)]),
  );
}
