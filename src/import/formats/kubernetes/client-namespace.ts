import { type JsonMap, omitEmpty, oneOrList } from '../../result.ts';
import { hostOfNodes } from './nodes.ts';
import type { ClusterProxy } from './proxies.ts';

const CLIENT_HOST = 9;

/** A client outside the cluster, on the network of the nodes, that knows the names of the proxies. `node`: the addresses of the first node. */
export const clientNamespace = (
  proxies: readonly ClusterProxy[],
  { node, isDual }: { readonly node: readonly string[]; readonly isDual: boolean },
): JsonMap => ({
  project: 'outside',
  interfaces: { eth0: { bridge: 'nodes', address: oneOrList(hostOfNodes(CLIENT_HOST, isDual).map(withLength)) } },
  ...omitEmpty({
    dns: omitEmpty({
      hosts: Object.fromEntries(
        proxies.flatMap(({ hosts, addresses }) =>
          hosts
            .filter((host) => !host.startsWith('*'))
            .map((host) => [host, oneOrList(addresses.length === 0 ? node : addresses)] as const),
        ),
      ),
    }),
  }),
});

const withLength = (address: string): string => `${address}/${address.includes(':') ? 64 : 24}`;
