import { createHash } from 'node:crypto';
import { bootId } from '../boot.ts';
import { netnsCookie } from '../libc.ts';
import { readRulesetGeneration } from '../netlink/netfilter/nf-tables.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import type { NftFamily } from './table-commands.ts';

/** One table of a namespace, as a script makes it. */
type TableOfScript = { readonly family: NftFamily; readonly table: string; readonly script: string };

/**
 * What tables are without reading them. A revision is a text that a script has in a namespace as long as no transaction is
 * committed there: who knows that the table was that of the script then knows that it is now.
 */
export type TableRevisions = {
  /** What a namespace is at now; null where the kernel has no nftables, or namespaces have no cookies. */
  readonly now: (session: NetnsSession) => RulesetMoment | null;
  /** Runs what loads tables, each whole and in one transaction, and remembers them when nothing else came between. */
  readonly load: (session: NetnsSession, loaded: TableOfScript, run: () => void) => void;
  /** Whether this process has loaded a table from that script, and nothing has changed since. */
  readonly isAsLoaded: (session: NetnsSession, loaded: TableOfScript, now: RulesetMoment) => boolean;
};

/** `generation`: of its rules. */
export type RulesetMoment = { readonly generation: number; readonly revisionOf: (table: TableOfScript) => string };

type LoadedTables = { readonly generation: number; readonly scripts: ReadonlyMap<string, string> };

/** Revisions for as long as the machine is open. */
export function makeTableRevisions(): TableRevisions {
  const loaded = new WeakMap<NetnsSession, LoadedTables>();
  let boot: string | null = null;
  const now = (session: NetnsSession): RulesetMoment | null => {
    const cookie = netnsCookie(session.socket);
    const generation = cookie === null ? null : readRulesetGeneration(session.fd);
    if (generation === null) return null;
    boot ??= bootId();
    const place = `${boot} ${cookie} ${generation}`;
    return { generation, revisionOf: (table) => digest(`${place} ${nameOf(table)} ${table.script}`) };
  };
  return {
    now,
    load: (session, table, run) => {
      const before = readRulesetGeneration(session.fd);
      const known = loaded.get(session);
      loaded.delete(session);
      run();
      const after = readRulesetGeneration(session.fd);
      if (before === null || after !== before + 1) return;
      const kept = known?.generation === before ? known.scripts : [];
      loaded.set(session, {
        generation: after,
        scripts: new Map([...kept, [nameOf(table), digest(table.script)]]),
      });
    },
    isAsLoaded: (session, table, { generation }) => {
      const known = loaded.get(session);
      return known?.generation === generation && known.scripts.get(nameOf(table)) === digest(table.script);
    },
  };
}

const nameOf = ({ family, table }: TableOfScript): string => `${family} ${table}`;
const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
