import { listDifference, type NftRuleChange } from '../../kinds/nft/part.ts';
import type { ConntrackMatch } from '../../model/kernel/conntrack-match.ts';
import { familyOf } from '../../net/address.ts';
import type { NatRule } from './rule.ts';

/**
 * The connections of sources that are no longer translated, and those that are not translated but must be from now on. A
 * deleted masquerade of any source on the host gives none: nothing tells its connections from those of other masquerades.
 */
export function staleSourceNat({ netns, before, after }: NftRuleChange<NatRule>): readonly ConntrackMatch[] {
  const { removed, added } = listDifference(before.flatMap(singleSources), after.flatMap(singleSources));
  const isHost = netns === 'host';
  return [
    ...removed.filter(({ from, as }) => !isHost || from !== null || as !== null).flatMap(translatedAs),
    ...added.flatMap(notYetTranslated),
  ];
}

type SingleSourceNat = Pick<NatRule, 'out' | 'exceptTo'> & {
  readonly from: string | null;
  readonly as: string | null;
};

const singleSources = ({ from, out, exceptTo, as }: NatRule): readonly SingleSourceNat[] =>
  (from ?? [null]).map((source) => ({ from: source, out, exceptTo, as: as?.address ?? null }));

const translatedAs = ({ from, as }: SingleSourceNat): readonly ConntrackMatch[] =>
  familiesOf(from ?? as).map((family) => ({
    family,
    protocol: null,
    from,
    to: null,
    ports: null,
    translated: { as },
  }));

/** Not of TCP: a connection that goes on untranslated is answered by whoever accepted it. */
const notYetTranslated = ({ from }: SingleSourceNat): readonly ConntrackMatch[] =>
  from === null
    ? []
    : (['udp', 'icmp'] as const).map((protocol) => ({
        family: familyOf(from),
        protocol,
        from,
        to: null,
        ports: null,
        translated: null,
      }));

const familiesOf = (text: string | null): readonly (4 | 6)[] => (text === null ? [4, 6] : [familyOf(text)]);
