import { changedRules } from '../../kinds/nft/changed-rules.ts';
import { listDifference, type NftRuleChange } from '../../kinds/nft/part.ts';
import type { ConntrackMatch } from '../../model/kernel/conntrack-match.ts';
import { type ForwardRule, type ForwardRuleTarget, targetsOfRule } from './rule.ts';

/** The connections through forwards that are deleted, and those of UDP that new forwards must translate. */
export function staleForwards({ before, after }: NftRuleChange<ForwardRule>): readonly ConntrackMatch[] {
  const changed = changedRules(before, after);
  const { removed, added } = listDifference(
    changed.removed.flatMap(singleForwards),
    changed.added.flatMap(singleForwards),
  );
  return [
    ...removed.map(translatedTo),
    // A TCP connection that goes on without the forward is answered by whoever accepted it.
    ...added.filter(({ protocol }) => protocol === 'udp').map(notYetForwarded),
  ];
}

type SingleForward = Pick<ForwardRule, 'family' | 'address' | 'ports'> & {
  readonly protocol: ForwardRule['protocols'][number];
  readonly to: Pick<ForwardRuleTarget, 'address' | 'ports'>;
};

const singleForwards = (rule: ForwardRule): readonly SingleForward[] =>
  targetsOfRule(rule).flatMap((target) =>
    rule.protocols.map((protocol) => ({
      family: rule.family,
      address: rule.address,
      ports: rule.ports,
      protocol,
      to: { address: target.address, ports: target.ports },
    })),
  );

const translatedTo = ({ family, protocol, address, ports, to }: SingleForward): ConntrackMatch => ({
  family,
  protocol,
  from: null,
  to: address,
  ports,
  translated: { to },
});

const notYetForwarded = ({ family, protocol, address, ports }: SingleForward): ConntrackMatch => ({
  family,
  protocol,
  from: null,
  to: address ?? 'here',
  ports,
  translated: null,
});
