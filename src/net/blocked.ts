import type { Chain } from '../model/firewall.ts';
import type { Lab } from '../model/lab.ts';
import type { NetnsLive } from '../model/live.ts';
import { type Stop, stopsOf } from './filter.ts';
import { flowsInside, flowsThrough } from './flows.ts';

/** Whether frames between the ports of a bridge are filtered as if they were forwarded. */
export const BRIDGE_FILTER = {
  4: 'net/bridge/bridge-nf-call-iptables',
  6: 'net/bridge/bridge-nf-call-ip6tables',
} as const;

/** What of a lab's traffic the machine's filters stop. `host`: read with the keys of `BRIDGE_FILTER`. */
export type Blocked = { readonly through: readonly Stop[]; readonly inside: readonly Stop[] };

export const blockedOf = (
  lab: Lab,
  chains: readonly Chain[],
  host: Pick<NetnsLive, 'sysctls'> | undefined,
): Blocked => ({
  through: stopsOf(chains, flowsThrough(lab)),
  inside: stopsOf(
    chains,
    flowsInside(lab).filter(({ family }) => host?.sysctls.get(BRIDGE_FILTER[family]) === '1'),
  ),
});

/** `table ip filter, chain FORWARD`, or the same of legacy iptables. */
export const chainWords = ({ program, family, table, name }: Chain): string =>
  program === 'nft' ? `table ${family} ${table}, chain ${name}` : `chain ${name} of ${program}`;
