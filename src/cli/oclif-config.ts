import { type Command, Config } from '@oclif/core';
import type { CommandTable } from './command-types.ts';
import type { PackageInfo } from './version.ts';

/**
 * The part of oclif's Config that commands and help use, answered from the command table. oclif's own reads package.json,
 * a manifest and a theme and looks for plugins; the build leaves that out (ADR 28).
 */
export class NetformConfig extends Config {
  private readonly table: CommandTable;

  constructor(table: CommandTable, { name, version, homepage }: PackageInfo) {
    super({ root: '' });
    this.table = table;
    const pjson = { name, version, homepage, oclif: {} };
    Object.assign(this, { bin: 'netform', name, version, pjson, topicSeparator: ' ', plugins: new Map() });
  }

  override get commands(): Command.Loadable[] {
    return Object.entries(this.table).map(([id, { summary }]) => listedCommand(id, summary));
  }

  override get topics(): never[] {
    return [];
  }

  /** Runs before and after parts of oclif's Command; netform has no hooks. */
  override readonly runHook: Config['runHook'] = async () => ({ successes: [], failures: [] });

  /** Names of environment variables that configure oclif itself; netform has none. */
  override readonly scopedEnvVarKeys: Config['scopedEnvVarKeys'] = () => [];
}

/** A command as oclif's help lists it: with its summary only. It cannot be run. */
export const listedCommand = (id: string, summary: string): Command.Loadable => ({
  id,
  summary,
  args: {},
  flags: {},
  aliases: [],
  hiddenAliases: [],
  hidden: false,
  load: () => Promise.reject(new Error(`invariant: ${id} is loaded from the command table`)),
});
