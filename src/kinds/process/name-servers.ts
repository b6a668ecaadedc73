import { processId } from '../../model/ids.ts';
import type { Lab } from '../../model/lab.ts';
import { isLoopback } from '../../net/loopback.ts';

const DNS_PORT = 53;

/**
 * The DNS servers that netform runs and a namespace asks, by the namespace: a program of the user's may ask for a name as it
 * starts. Those that the user runs are ordered by `after`, or could wait for each other.
 */
export function nameServers({ processes, ports, addresses, resolvers }: Lab): ReadonlyMap<string, readonly string[]> {
  const takers = new Set(
    ports.flatMap(({ ports: { first, last }, process: taker }) =>
      first <= DNS_PORT && DNS_PORT <= last ? (taker ?? []) : [],
    ),
  );
  const servers = new Map(
    processes
      .filter(({ netns, name, terms }) => terms === undefined && takers.has(processId(netns, name)))
      .map(({ netns, name }) => [netns, processId(netns, name)]),
  );
  const byAddress = new Map(
    addresses.flatMap(({ netns, prefixes }) => {
      const server = servers.get(netns);
      return server === undefined ? [] : prefixes.map((prefix) => [prefix.split('/')[0] ?? '', server] as const);
    }),
  );
  return new Map(
    resolvers.map(({ netns, nameservers }) => {
      const asked = nameservers.map((address) => (isLoopback(address) ? servers.get(netns) : byAddress.get(address)));
      return [netns, [...new Set(asked.flatMap((server) => server ?? []))]];
    }),
  );
}
