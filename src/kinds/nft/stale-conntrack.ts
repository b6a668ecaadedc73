import type { ConntrackMatch } from '../../model/kernel/conntrack-match.ts';
import { familyOf } from '../../net/address.ts';
import type { ForwardRule, NatRule, NftSpec } from './spec.ts';

/**
 * The tracked connections that go on as the former rules of ours said although the present ones say otherwise: what went
 * through a forward or a source NAT that is no more, and what is not translated although it shall be from now on. Of
 * forwards and entries that stay as they are there are none. A masquerade of anything on the host has none either:
 * nothing tells its connections from those of others.
 */
export function staleConntrack(before: NftSpec, after: NftSpec | null): readonly ConntrackMatch[] {
  if (before.byOthers) return [];
  const forwards = differenceOf(
    before.forwards.flatMap(singleForwards),
    (after?.forwards ?? []).flatMap(singleForwards),
  );
  const nat = differenceOf(before.nat.flatMap(singleNats), (after?.nat ?? []).flatMap(singleNats));
  const isPlain = before.netns === 'host';
  return [
    ...forwards.gone.map(translatedTo),
    ...forwards.come.filter(({ protocol }) => protocol === 'udp').map(notYetForwarded),
    ...nat.gone.filter(({ from, as }) => !isPlain || from !== null || as !== null).flatMap(translatedAs),
    ...nat.come.flatMap(notYetTranslated),
  ];
}

type SingleForward = Pick<ForwardRule, 'family' | 'address' | 'ports'> & {
  readonly protocol: ForwardRule['protocols'][number];
  readonly to: Pick<ForwardRule['target'], 'address' | 'ports'>;
};

const singleForwards = ({ family, address, ports, protocols, target }: ForwardRule): readonly SingleForward[] =>
  protocols.map((protocol) => ({
    ...{ family, address, ports, protocol },
    to: { address: target.address, ports: target.ports },
  }));

type SingleNat = Pick<NatRule, 'out' | 'exceptTo'> & { readonly from: string | null; readonly as: string | null };

const singleNats = ({ from, out, exceptTo, as }: NatRule): readonly SingleNat[] =>
  (from ?? [null]).map((source) => ({ from: source, out, exceptTo, as: as?.address ?? null }));

function differenceOf<T>(
  before: readonly T[],
  after: readonly T[],
): { readonly gone: readonly T[]; readonly come: readonly T[] } {
  const keys = (items: readonly T[]): ReadonlySet<string> => new Set(items.map((item) => JSON.stringify(item)));
  const [old, wanted] = [keys(before), keys(after)];
  return {
    gone: before.filter((item) => !wanted.has(JSON.stringify(item))),
    come: after.filter((item) => !old.has(JSON.stringify(item))),
  };
}

const translatedTo = ({ family, protocol, address, ports, to }: SingleForward): ConntrackMatch => ({
  ...{ family, protocol, from: null, to: address, ports, translated: { to } },
});

/** Only of UDP: a connection of TCP that goes on without the forward has somebody who answers it. */
const notYetForwarded = ({ family, protocol, address, ports }: SingleForward): ConntrackMatch => ({
  ...{ family, protocol, from: null, to: address ?? 'here', ports, translated: null },
});

const translatedAs = ({ from, as }: SingleNat): readonly ConntrackMatch[] =>
  familiesOf(from ?? as).map((family) => ({
    ...{ family, protocol: null, from, to: null, ports: null, translated: { as } },
  }));

/** Not of TCP, likewise. */
const notYetTranslated = ({ from }: SingleNat): readonly ConntrackMatch[] =>
  from === null
    ? []
    : (['udp', 'icmp'] as const).map((protocol) => ({
        ...{ family: familyOf(from), protocol, from, to: null, ports: null, translated: null },
      }));

const familiesOf = (text: string | null): readonly (4 | 6)[] => (text === null ? [4, 6] : [familyOf(text)]);
