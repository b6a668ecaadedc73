import { leftAcceptCommands } from '../../doctor/accept-rules.ts';
import { readIptablesLegacy } from '../../kernel/nftables/iptables-legacy.ts';
import type { Machine } from '../../model/machine.ts';
import type { Session } from '../session.ts';

/** The names of the links of the host. */
export const readHostLinkNames = (machine: Machine): ReadonlySet<string> =>
  new Set(
    machine
      .read([{ need: 'namespace', netns: 'host' }])
      .get({ need: 'namespace', netns: 'host' })
      ?.links.keys(),
  );

/**
 * Warns about rules that accept packets of links which are gone since: the next link of that name would be let through.
 * They are what the doctor advises, and netform itself never changes the tables of others.
 */
export function warnLeftAccepts({ machine, progress }: Session, before: ReadonlySet<string>): void {
  const after = readHostLinkNames(machine);
  const gone = new Set([...before].filter((name) => !after.has(name)));
  if (gone.size === 0) return;
  const chains = machine.read([{ need: 'chains', netns: 'host' }]).get({ need: 'chains', netns: 'host' }) ?? [];
  const commands = leftAcceptCommands([...chains, ...readIptablesLegacy().chains], gone);
  if (commands.length === 0) return;
  const what =
    commands.length === 1
      ? 'a rule of this machine still accepts'
      : `${commands.length} rules of this machine still accept`;
  progress.warn(
    `${what} packets of links that are gone; to remove ${commands.length === 1 ? 'it' : 'them'}: ${commands.join('; ')}`,
  );
}
