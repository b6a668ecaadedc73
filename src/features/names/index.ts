import type { LabSeenFile } from '../../model/lab-parts/lab-registers.ts';
import { childCursor } from '../../source/cursor.ts';
import { defineFeature } from '../define-feature.ts';
import { hostsBeforeDns } from './checks/hosts-before-dns.ts';
import { nameserverLoopback } from './checks/nameserver-loopback.ts';
import { ownHostName } from './checks/own-host-name.ts';
import { redefinesLocalhost } from './checks/redefines-localhost.ts';
import { dnsDocs } from './docs.ts';
import { nameFiles } from './kind.ts';
import type { LabHostsFiles } from './name-files.ts';
import { readDns, readLabDns } from './read.ts';
import { resolveNameFiles, servedNames } from './resolve.ts';
import { dnsSchema, hostDnsSchema, namespaceDnsSchema } from './schema.ts';

const MACHINE = { need: 'machine' } as const;

/** Names: `dns`. It gives the lab's lines in the hosts file, resolv.conf and nsswitch.conf of each namespace. */
export const names = defineFeature({
  name: 'names',
  rank: 30,
  schema: { topology: { dns: dnsSchema }, host: { dns: hostDnsSchema }, namespace: { dns: namespaceDnsSchema } },
  otherTools: {
    addresses: ['nameservers'],
    servers: ['nameservers'],
    nameserver: ['nameservers'],
    resolvers: ['nameservers'],
    domains: ['search'],
    searchdomain: ['search', 'domain'],
    ndots: ['options'],
    dnssearch: ['search'],
  },
  read: {
    lab: (root, report) => readLabDns(childCursor(root, 'dns'), report),
    netns: ({ own }, report) => readDns(childCursor(own, 'dns'), report),
  },
  asks: () => [MACHINE],
  resolve: ({ world, named, live }) => {
    const value = resolveNameFiles(world, named, live.get(MACHINE)?.hostname ?? null);
    return {
      value,
      seenFiles: value.flatMap(seenNameFiles),
      served: servedNames(world, named),
      resolvers: value.filter(({ nameservers }) => nameservers.length > 0),
    };
  },
  kinds: [nameFiles],
  checks: [redefinesLocalhost, hostsBeforeDns],
  machineChecks: [ownHostName, nameserverLoopback],
  docs: [dnsDocs],
});

/** Where programs of a namespace see what is written for them; the host's own files are those of the machine. */
const seenNameFiles = ({ netns, search, nameservers, options, order, at }: LabHostsFiles): readonly LabSeenFile[] => {
  if (netns === 'host') return [];
  const hasResolver = [search, nameservers, options].some((list) => list.length > 0);
  const names = ['hosts', ...(hasResolver ? ['resolv.conf'] : []), ...(order === null ? [] : ['nsswitch.conf'])];
  return names.map((name) => ({ netns, path: `/etc/${name}`, word: 'dns', at }));
};
