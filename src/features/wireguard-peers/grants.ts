import type { GrantNeed } from '../../model/results/grant.ts';
import type { Topology, TopologyValue } from '../../model/topology.ts';
import { type KeySource, writtenWireguard } from './topology.ts';

/** Each key of a file that is named by its whole path, and each credential. */
export const wireguardGrants = ({ namespaces, host }: Topology): readonly GrantNeed[] =>
  [...namespaces, host].flatMap((one) =>
    writtenWireguard(one).flatMap(({ privateKey, peers }) =>
      [privateKey, ...peers.map(({ presharedKey }) => presharedKey)].flatMap((key) => keyGrant(key) ?? []),
    ),
  );

function keyGrant(key: TopologyValue<KeySource> | null): GrantNeed | null {
  if (key === null) return null;
  const { value, at } = key;
  if ('credential' in value) return { grant: 'file', what: `the credential ${value.credential}`, at };
  return value.file.startsWith('/') ? { grant: 'file', what: `the file ${value.file}`, at, path: value.file } : null;
}
