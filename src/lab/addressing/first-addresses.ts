import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue, type Path } from '../../model/diagnostics/source-location.ts';
import type { TopologyAddress, TopologyBridge, TopologySubnet } from '../../model/topology.ts';
import { formatAddress } from '../../net/address.ts';
import { hostRange, requirePrefix } from '../../net/prefix.ts';

/** The first address of each subnet of a bridge that asks for them: never that of the network itself. */
export function firstAddresses(
  { first: at, subnets }: TopologyBridge,
  known: readonly TopologySubnet[],
): readonly TopologyAddress[] {
  if (at === undefined) return [];
  return subnets.flatMap(({ value }): readonly TopologyAddress[] => {
    if ('prefix' in value) return [firstOf(value.prefix, value.prefix, at)];
    const named = known.find(({ name }) => name === value.name);
    return (named?.cidrs ?? []).map((cidr, i) => firstOf(cidr.value, named?.within?.[i] ?? cidr.value, at));
  });
}

/** Said where a bridge without a subnet asks for its first address. */
export const firstOfNothing = (at: Path): Diagnostic =>
  makeDiagnostic('bad-value', atValue(at), 'there is no first address without a subnet', {
    hint: 'write `subnet`, or an address',
  });

/** `whole`: the network that its hosts reach directly. */
function firstOf(prefix: string, whole: string, at: TopologyAddress['at']): TopologyAddress {
  const share = requirePrefix(prefix);
  const { length } = requirePrefix(whole);
  return { address: formatAddress({ ...share, value: hostRange(share).first }), length, at };
}
