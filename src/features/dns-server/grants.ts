import type { GrantNeed } from '../../model/lab-parts/grant.ts';
import type { Topology } from '../../model/topology.ts';
import { writtenDnsServer } from './topology.ts';

/** Each configuration that is written in the place of zones. */
export const dnsServerGrants = ({ namespaces, host }: Topology): readonly GrantNeed[] =>
  [...namespaces, host].flatMap((one) => {
    const config = writtenDnsServer(one)?.config;
    return config
      ? [{ grant: 'config' as const, what: `the configuration of the DNS server in ${one.name}`, at: config.at }]
      : [];
  });
