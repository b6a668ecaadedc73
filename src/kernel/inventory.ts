import { readdirSync } from 'node:fs';
import type { Inventory, Settings } from '../model/inventory.ts';
import type { Query } from '../model/live.ts';
import { unless } from './errno.ts';
import { inNetns } from './netns.ts';
import { makeNft } from './nft.ts';
import { read } from './read.ts';
import { makeSessions } from './sessions.ts';
import { changedSettings, changesSince, readSettings } from './settings.ts';

/**
 * Reads the machine and the given namespaces; changes nothing. `before`: the machine's own settings as they were; null:
 * not known, so that none of them counts as changed. Names that are no namespaces are left out.
 */
export function takeInventory(wanted: readonly string[], before: Settings | null): Inventory {
  const tools = { sessions: makeSessions(), nft: makeNft() };
  try {
    const live = read(tools, {
      ...NOTHING,
      netns: ['host', ...wanted],
      neighbours: ['host', ...wanted],
      rulesets: ['host', ...wanted],
      sysctls: ['host', ...wanted].flatMap(switchesOf),
    });
    const namespaces = wanted.filter((name) => live.netns.has(name));
    const changed = changedSettings();
    const sessions = ['host', ...namespaces].map((netns) => tools.sessions.open(netns));
    return {
      live,
      namespaces,
      sysctls: new Map(
        sessions.map(({ netns, fd }) => [
          netns,
          inNetns(fd, () => (netns === 'host' ? changesOfHost(before) : changed())),
        ]),
      ),
      files: namespaces.flatMap((name) => filesOf(`/etc/netns/${name}`)),
    };
  } finally {
    tools.sessions.closeAll();
    tools.nft.close();
  }
}

const NOTHING: Query = {
  ...{
    netns: [],
    neighbours: [],
    addresses: [],
    sysctls: [],
    sysctlTrees: [],
    fresh: [],
    tables: [],
    tableNames: [],
    firewalls: [],
  },
  ...{ rulesets: [], holders: [], files: [], listeners: [], linkKinds: [], plugins: [] },
};

const switchesOf = (netns: string): Query['sysctls'] =>
  ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'].map((key) => ({ netns, key }));

const changesOfHost = (before: Settings | null): Settings =>
  before === null ? new Map() : changesSince(before, readSettings());

const filesOf = (folder: string): readonly string[] =>
  (unless(['ENOENT', 'ENOTDIR'], () => readdirSync(folder)) ?? []).toSorted().map((name) => `${folder}/${name}`);
