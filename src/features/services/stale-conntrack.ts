import { changedRules } from '../../kinds/nft/changed-rules.ts';
import { listDifference, type NftRuleChange } from '../../kinds/nft/part.ts';
import type { ConntrackMatch } from '../../model/kernel/conntrack-match.ts';
import { addressOfRule, type ServiceRule } from './rule.ts';

/**
 * The UDP connections that still go to an endpoint that is gone, and those that new services must translate. Connections of
 * TCP end by themselves: an endpoint that is gone answers no more, and one that stays is right.
 */
export function staleServices({ before, after }: NftRuleChange<ServiceRule>): readonly ConntrackMatch[] {
  const changed = changedRules(before, after);
  const { removed } = listDifference(changed.removed.flatMap(singleTargets), changed.added.flatMap(singleTargets));
  const listening = (rules: readonly ServiceRule[]) =>
    rules
      .filter(({ targets }) => targets.length > 0)
      .map(({ family, at, protocol, port }) => ({ family, at, protocol, port }));
  const { added } = listDifference(listening(changed.removed), listening(changed.added));
  return [
    ...removed
      .filter(({ protocol }) => protocol === 'udp')
      .map(({ to, ...rule }) => ({ ...matchOf(rule), translated: { to } })),
    ...added.filter(({ protocol }) => protocol === 'udp').map(matchOf),
  ];
}

type Listening = Pick<ServiceRule, 'family' | 'at' | 'protocol' | 'port'>;

const singleTargets = ({ family, at, protocol, port, targets }: ServiceRule) =>
  targets.map((target) => ({
    ...{ family, at, protocol, port },
    to: { address: target.address, ports: { first: target.port, last: target.port } },
  }));

const matchOf = (rule: Listening): ConntrackMatch => ({
  family: rule.family,
  protocol: rule.protocol,
  from: null,
  to: addressOfRule(rule) ?? 'here',
  ports: { first: rule.port, last: rule.port },
  translated: null,
});
