import type { RulesetPortForward } from '../../firewall/nft-parse/nat.ts';
import { defineNftPart } from '../../kinds/nft/part.ts';
import { transitionText } from '../../kinds/plan-line.ts';
import type { ExclusiveClaim } from '../../model/diagnostics/exclusive-claim.ts';
import { bracketIpv6 } from '../../net/address.ts';
import { portRangeText } from '../../net/port-range.ts';
import { forwardStatements } from './nft-statements.ts';
import type { ForwardRule } from './rule.ts';
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

const portClaim = ({ family, address, ports, protocols, target }: ForwardRule): ExclusiveClaim => ({
  of: 'port',
  ...{ family, address, ports, protocols },
  text: `port ${portRangeText(ports)}/${protocols.join('+')} (forwarded to ${target.label})`,
});

function listenText({ address, ports, protocols }: ForwardRule): string {
  const where = address === null ? '' : `${bracketIpv6(address)}:`;
  return `${where}${portRangeText(ports)}/${protocols.join('+')}`;
}

function targetText({ target: { label, address, ports } }: ForwardRule): string {
  const where = `${bracketIpv6(address)}:${portRangeText(ports)}`;
  return label === address ? where : `${label} ${where}`;
}

/** One for each protocol. */
function ruleKeys({ address, ports, protocols, target }: ForwardRule): readonly string[] {
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
