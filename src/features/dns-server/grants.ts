import type { GrantNeed } from '../../model/results/grant.ts';
import type { Topology } from '../../model/topology.ts';
import { writtenDnsServer } from './topology.ts';

/** Each configuration that is written in the place of zones, and each file of one that is named by its whole path. */
export const dnsServerGrants = ({ namespaces, host }: Topology): readonly GrantNeed[] =>
  [...namespaces, host].flatMap((one): readonly GrantNeed[] => {
    const config = writtenDnsServer(one)?.config ?? null;
    if (config === null) return [];
    const { value, at } = 'from' in config ? config.from : config.content;
    const file = 'from' in config && value.startsWith('/');
    return [
      { grant: 'config', what: `the configuration of the DNS server in ${one.name}`, at },
      ...(file ? [{ grant: 'file' as const, what: `the file ${value}`, at, path: value }] : []),
    ];
  });
