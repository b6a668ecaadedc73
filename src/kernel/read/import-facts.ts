import { readdirSync } from 'node:fs';
import type { ImportFacts, SysctlSettings } from '../../model/kernel/import-facts.ts';
import type { Query } from '../../model/kernel/live-state.ts';
import { catchErrno } from '../errno.ts';
import { inNetns } from '../netns/netns.ts';
import { makeNetnsSessions } from '../netns/sessions.ts';
import { makeNftClient } from '../nftables/tables.ts';
import { diffSysctls, nonDefaultSysctlReader, readNetSysctls } from '../sysctl/non-default.ts';
import { readKernelState } from './index.ts';

/**
 * Reads the machine and the given namespaces; changes nothing. `before`: the machine's own settings as they were; null:
 * not known, so that none of them counts as changed. Names that are not namespaces are left out.
 */
export function readImportFacts(wanted: readonly string[], before: SysctlSettings | null): ImportFacts {
  const tools = { sessions: makeNetnsSessions(), nft: makeNftClient() };
  try {
    const live = readKernelState(tools, {
      ...EMPTY_QUERY,
      netns: ['host', ...wanted],
      neighbours: ['host', ...wanted],
      rulesets: ['host', ...wanted],
      sysctls: ['host', ...wanted].flatMap(forwardingKeys),
    });
    const namespaces = wanted.filter((name) => live.netns.has(name));
    const changed = nonDefaultSysctlReader();
    const sessions = ['host', ...namespaces].map((netns) => tools.sessions.open(netns));
    return {
      live,
      namespaces,
      sysctls: new Map(
        sessions.map(({ netns, fd }) => [
          netns,
          inNetns(fd, () => (netns === 'host' ? hostSysctlChanges(before) : changed())),
        ]),
      ),
      files: namespaces.flatMap((name) => listFolder(`/etc/netns/${name}`)),
    };
  } finally {
    tools.sessions.closeAll();
    tools.nft.close();
  }
}

const EMPTY_QUERY: Query = {
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

const forwardingKeys = (netns: string): Query['sysctls'] =>
  ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'].map((key) => ({ netns, key }));

const hostSysctlChanges = (before: SysctlSettings | null): SysctlSettings =>
  before === null ? new Map() : diffSysctls(before, readNetSysctls());

const listFolder = (folder: string): readonly string[] =>
  (catchErrno(['ENOENT', 'ENOTDIR'], () => readdirSync(folder)) ?? []).toSorted().map((name) => `${folder}/${name}`);
