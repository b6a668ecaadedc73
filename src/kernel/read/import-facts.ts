import { readdirSync, readFileSync } from 'node:fs';
import type { ImportFacts, NetnsFile, SysctlSettings } from '../../model/kernel/import-facts.ts';
import type { Query } from '../../model/kernel/need.ts';
import type { LinkKinds } from '../../model/link-kind.ts';
import { catchErrno } from '../errno.ts';
import { inNetns } from '../netns/netns.ts';
import { makeNetnsSessions } from '../netns/sessions.ts';
import { makeNftClient } from '../nftables/tables.ts';
import { diffSysctls, nonDefaultSysctlReader, readNetSysctls } from '../sysctl/non-default.ts';
import { readKernelState } from './index.ts';
import { readOpenVswitches } from './open-vswitches.ts';
import { readWrittenMacs } from './written-macs.ts';

/**
 * Reads the machine and the given namespaces; changes nothing. `before`: the machine's own settings as they were; null:
 * not known, so that none of them counts as changed. Names that are not namespaces are left out.
 */
export function readImportFacts(
  wanted: readonly string[],
  { before, linkKinds }: { readonly before: SysctlSettings | null; readonly linkKinds: LinkKinds },
): ImportFacts {
  const tools = { sessions: makeNetnsSessions(), nft: makeNftClient(), linkKinds };
  try {
    const live = readKernelState(tools, ['host', ...wanted].flatMap(importNeeds));
    const namespaces = wanted.filter((netns) => live.get({ need: 'namespace', netns }) !== null);
    const changed = nonDefaultSysctlReader();
    const sessions = ['host', ...namespaces].map((netns) => tools.sessions.open(netns));
    const linksOf = (netns: string) => [...(live.get({ need: 'namespace', netns })?.links.keys() ?? [])];
    return {
      live,
      namespaces,
      sysctls: new Map(
        sessions.map(({ netns, fd }) => [
          netns,
          inNetns(fd, () => (netns === 'host' ? hostSysctlChanges(before) : changed())),
        ]),
      ),
      writtenMacs: new Map(
        sessions.flatMap(({ netns, fd }) => {
          const macs = inNetns(fd, () => readWrittenMacs(linksOf(netns)));
          return macs === null ? [] : [[netns, macs] as const];
        }),
      ),
      files: namespaces.flatMap(readNetnsFiles),
      switches: readOpenVswitches(['host', ...namespaces]),
    };
  } finally {
    tools.sessions.closeAll();
    tools.nft.close();
  }
}

const importNeeds = (netns: string): Query => [
  { need: 'namespace', netns },
  { need: 'neighbours', netns },
  { need: 'forwarding-entries', netns },
  { need: 'multicast-entries', netns },
  { need: 'bridge-vlans', netns },
  { need: 'queues', netns },
  { need: 'wireguard-links', netns },
  { need: 'ruleset', netns },
  ...['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding'].map((key) => ({
    need: 'sysctl-value' as const,
    netns,
    key,
  })),
];

const hostSysctlChanges = (before: SysctlSettings | null): SysctlSettings =>
  before === null ? new Map() : diffSysctls(before, readNetSysctls());

function readNetnsFiles(netns: string): readonly NetnsFile[] {
  const folder = `/etc/netns/${netns}`;
  const names = catchErrno(['ENOENT', 'ENOTDIR'], () => readdirSync(folder)) ?? [];
  return names.toSorted().map((name) => {
    const text = catchErrno(['ENOENT', 'EISDIR', 'EACCES'], () => readFileSync(`${folder}/${name}`, 'utf8'));
    return { netns, name, text };
  });
}
