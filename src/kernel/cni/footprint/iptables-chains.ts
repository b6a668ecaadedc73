import { isJsonObject, type Spec } from '../../../model/json.ts';
import { readTableNames } from '../../netlink/netfilter/nf-tables.ts';
import type { NetnsSession } from '../../netns/sessions.ts';
import type { NftClient } from '../../nftables/tables.ts';

/** Tables of iptables (`ip nat`), and the chains of CNI plugins in them (`ip nat/CNI-FORWARD`). */
export type CniChains = { readonly tables: readonly string[]; readonly chains: readonly string[] };

const IPTABLES_TABLE = /^ip6? (?:nat|filter|mangle|raw)$/;

/** The tables of iptables (its nft variant) in a namespace. */
export const readIptablesTables = (session: NetnsSession): readonly string[] =>
  readTableNames(session.fd).filter((table) => IPTABLES_TABLE.test(table));

/** The tables of iptables in a namespace, with the chains of CNI plugins. */
export function readCniChains(session: NetnsSession, nft: NftClient): CniChains {
  const tables = readIptablesTables(session);
  const chains = tables.flatMap((table) => readTable(session, nft, table).chains.map(({ name }) => `${table}/${name}`));
  return { tables, chains: chains.filter((chain) => chain.includes('/CNI-')) };
}

/**
 * Removes the chains of CNI plugins that are not in `before`, with the rules that lead to them, and then the tables without a
 * rule that are not in `before`. The chains of a plugin stay while a container still has a chain or a rule of its own in them.
 */
export function removeCniChains(session: NetnsSession, nft: NftClient, before: CniChains): void {
  for (const table of readIptablesTables(session)) {
    const found = readTable(session, nft, table);
    const unused = SHARED_CHAINS.filter((shared) => usersOf(shared, found) === null).map(({ names }) => names);
    const left = found.chains.filter(
      ({ name }) => unused.some((names) => names.test(name)) && !before.chains.includes(`${table}/${name}`),
    );
    const names = new Set(left.map(({ name }) => name));
    const isOwn = (rule: TableRule): boolean => names.has(rule.chain) || names.has(rule.target ?? '');
    if (left.length > 0)
      nft.run(session, [
        ...found.rules.filter(isOwn).map(({ chain, handle }) => `delete rule ${table} ${chain} handle ${handle}`),
        ...left.map(({ name }) => `delete chain ${table} ${name}`),
      ]);
  }
  removeEmptyTables(session, nft, before.tables);
}

/** Removes chains of one container, with the rules that lead to them: its plugins leave them when its namespace went before. */
export function removeContainerChains(session: NetnsSession, nft: NftClient, chains: readonly string[]): void {
  for (const table of readTableNames(session.fd).filter((one) => NAT_TABLE.test(one))) {
    const found = readTable(session, nft, table);
    const left = found.chains.filter(({ name }) => chains.includes(name));
    if (left.length === 0) continue;
    const isOwn = ({ chain, target }: TableRule): boolean => chains.includes(chain) || chains.includes(target ?? '');
    nft.run(session, [
      ...found.rules.filter(isOwn).map(({ chain, handle }) => `delete rule ${table} ${chain} handle ${handle}`),
      ...left.map(({ name }) => `delete chain ${table} ${name}`),
    ]);
  }
}

const NAT_TABLE = /^ip6? nat$/;

/** Chains that all containers share: made by portmap and by firewall, and never removed by them; and who uses them. Null: they are unused. */
type SharedChains = { readonly names: RegExp; readonly usedBy: (table: Table) => string | null };

const SHARED_CHAINS: readonly SharedChains[] = [
  {
    names: /^CNI-HOSTPORT-(?:DNAT|SETMARK|MASQ)$/,
    usedBy: ({ chains, rules }) =>
      chains.some(({ name }) => name.startsWith('CNI-DN-')) ||
      rules.some(({ chain, target }) => chain === 'CNI-HOSTPORT-DNAT' && target !== null)
        ? 'another container publishes ports by it'
        : null,
  },
  {
    names: /^CNI-(?:ADMIN|FORWARD|ISOLATION-STAGE-[12])$/,
    usedBy: ({ rules }) =>
      rules.some(({ chain, namesAddress }) => chain === 'CNI-FORWARD' && namesAddress)
        ? 'it has rules for another container'
        : null,
  },
];

/** Who uses shared chains: containers, or a chain that is neither of the kernel nor of plugins and leads to them. Null: nothing does. */
function usersOf({ names, usedBy }: SharedChains, table: Table): string | null {
  const foreign = table.rules.find(
    ({ chain, target }) => target !== null && names.test(target) && !BUILT_IN.test(chain) && !chain.startsWith('CNI-'),
  );
  return usedBy(table) ?? (foreign === undefined ? null : `the chain ${foreign.chain} leads to it`);
}

const BUILT_IN = /^(?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;

/** The chains that containers share, with who uses each of them: `ip nat/CNI-HOSTPORT-DNAT`. */
export function readUsedChains(
  session: NetnsSession,
  nft: NftClient,
): readonly { readonly chain: string; readonly because: string }[] {
  return readIptablesTables(session).flatMap((table) => {
    const found = readTable(session, nft, table);
    return SHARED_CHAINS.flatMap((shared) => {
      const because = usersOf(shared, found);
      if (because === null) return [];
      return found.chains
        .filter(({ name }) => shared.names.test(name))
        .map(({ name }) => ({ chain: `${table}/${name}`, because }));
    });
  });
}

/**
 * Removes the tables that iptables made for the plugins, also for a DEL that found nothing: they are not in `before`, and have
 * nothing but empty chains of the kernel's hooks that accept.
 */
export function removeEmptyTables(session: NetnsSession, nft: NftClient, before: readonly string[]): void {
  for (const table of readIptablesTables(session).filter((one) => !before.includes(one))) {
    const { chains, rules } = readTable(session, nft, table);
    const isEmpty = rules.length === 0 && chains.every(({ policy }) => policy === 'accept');
    if (isEmpty) nft.run(session, [`delete table ${table}`]);
  }
}

type TableRule = {
  readonly chain: string;
  readonly handle: number;
  /** The chain that it leads to; null: it leads nowhere. */
  readonly target: string | null;
  readonly namesAddress: boolean;
};
type TableChain = { readonly name: string; readonly policy: string | null };
type Table = { readonly chains: readonly TableChain[]; readonly rules: readonly TableRule[] };

function readTable(session: NetnsSession, nft: NftClient, table: string): Table {
  const objects = nft.query(session, `list table ${table}`);
  const named = (what: string): readonly Spec[] =>
    objects.flatMap((one) => (isJsonObject(one[what]) ? [one[what]] : []));
  return {
    chains: named('chain').map(({ name, policy }) => ({
      name: String(name),
      policy: typeof policy === 'string' ? policy : null,
    })),
    rules: named('rule').map(({ chain, handle, expr }) => {
      const statements = (Array.isArray(expr) ? expr : []).filter(isJsonObject);
      const jump = statements.flatMap(({ jump, goto: to }) => [jump, to].filter(isJsonObject))[0];
      const target = jump ? String(jump['target']) : null;
      const namesAddress = statements.some(({ match }) => /"field":"[sd]addr"/.test(JSON.stringify(match ?? null)));
      return { chain: String(chain), handle: Number(handle), target, namesAddress };
    }),
  };
}
