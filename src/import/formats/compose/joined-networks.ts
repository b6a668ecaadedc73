import type { JsonMap } from '../../result.ts';
import { mapEntries, mapValue, textValues } from '../../yaml-values.ts';

/** A network that a service joins, and what the service says about it. */
export type JoinedNetwork = { readonly key: string; readonly options: JsonMap };

/** The networks of a service in the order of the file: `default` when it names none, none when it has another mode. */
export function joinedNetworks(service: JsonMap): readonly JoinedNetwork[] {
  const { networks, network_mode: mode } = service;
  if (mode !== undefined && mode !== null && mode !== 'bridge') return [];
  if (networks === undefined || networks === null) return [{ key: 'default', options: {} }];
  if (Array.isArray(networks)) return textValues(networks).map((key) => ({ key, options: {} }));
  return mapEntries(networks).map(([key, options]) => ({ key, options: mapValue(options) }));
}

/**
 * The network that a service's default route leads to: of those that lead outside the one with the highest
 * `gw_priority`, and of equal ones the first by name, as Docker chooses.
 */
export function gatewayNetwork(joined: readonly JoinedNetwork[], isOpen: (key: string) => boolean): string | null {
  const open = joined.filter(({ key }) => isOpen(key));
  const [first] = open.toSorted((a, b) => priorityOf(b) - priorityOf(a) || (a.key < b.key ? -1 : 1));
  return first?.key ?? null;
}

const priorityOf = ({ options }: JoinedNetwork): number => Number(options['gw_priority'] ?? 0) || 0;
