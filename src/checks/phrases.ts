/** `red:eth0`, `host:to-red`: an interface as messages name it. */
export const linkPhrase = (netns: string, name: string): string => `${netns}:${name}`;

/** `bridge v-net-0`, `bridge router:cni0`. */
export const bridgePhrase = (netns: string, name: string): string =>
  netns === 'host' ? `bridge ${name}` : `bridge ${netns}:${name}`;

/** `the host`, `namespace red`. */
export const netnsPhrase = (netns: string): string => (netns === 'host' ? 'the host' : `namespace ${netns}`);

/** `on the host`, `in namespace red`. */
export const inNetnsPhrase = (netns: string): string => (netns === 'host' ? 'on the host' : `in namespace ${netns}`);

/** `a`, `a and b`, `a, b and c`; a long list ends with the number of the rest. */
export function listPhrase(items: readonly string[], most = 8): string {
  const shown = items.length > most ? [...items.slice(0, most - 1), `${items.length - most + 1} more`] : items;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** `8080`, `8080-8089`. */
export const portRangePhrase = (ports: { readonly first: number; readonly last: number }): string =>
  ports.first === ports.last ? `${ports.first}` : `${ports.first}-${ports.last}`;
