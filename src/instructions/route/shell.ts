import { NETFORM_PROTOCOL } from '../../model/instruction.ts';
import { routeMetricWords } from '../../model/kernel/route-metric-words.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { ipCommand, protocolOption, shellCommand } from '../shell-commands.ts';
import type { RouteInstruction, RouteValue } from './types.ts';

/** `ip route add|replace|delete`, always with the full key. */
export function routeShell({ do: verb, netns, route }: RouteInstruction): readonly string[] {
  return [
    shellCommand(
      ipCommand(netns),
      route.to.includes(':') ? '-6' : null,
      'route',
      verb.slice('route.'.length),
      route.type === 'unicast' ? null : route.type,
      destination(route.to),
      route.tos === undefined ? null : `tos 0x${route.tos.toString(16)}`,
      ...options(route),
      ...nexthops(route),
    ),
  ];
}

/** RT_TABLE_MAIN. */
const MAIN_TABLE = 254;

const destination = (to: string): string => (to === '0.0.0.0/0' || to === '::/0' ? 'default' : to);

const options = (route: RouteValue): readonly (string | null)[] => [
  protocolOption('proto', route.protocol ?? NETFORM_PROTOCOL),
  // `ip` puts a local route into the table of its own.
  route.table === MAIN_TABLE && route.type !== 'local' ? null : `table ${route.table}`,
  route.metric === 0 ? null : `metric ${route.metric}`,
  route.src === null ? null : `src ${route.src}`,
  ...metrics(route),
  route.realms === undefined ? null : `realms ${route.realms}`,
  route.pref === undefined ? null : `pref ${route.pref}`,
  route.scope === undefined ? null : `scope ${route.scope}`,
];

/** `ip` locks `rto_min` by itself. */
const metrics = (route: RouteValue): readonly string[] =>
  routeMetricWords(route).map(({ name, value }) =>
    name !== 'rto_min' && route.lock?.includes(name) ? `${name} lock ${value}` : `${name} ${value}`,
  );

function nexthops(route: RouteValue): readonly string[] {
  const family = route.to.includes(':') ? 6 : 4;
  const [first, ...others] = route.hops;
  if (first !== undefined && others.length === 0) return [nexthop(first, family)];
  return route.hops.map((each) => shellCommand('nexthop', nexthop(each, family), `weight ${each.weight}`));
}

function nexthop({ via, dev, onlink }: RouteValue['hops'][number], family: 4 | 6): string {
  const other = via?.includes(':') && family === 4 ? 'inet6' : null;
  return shellCommand(via === null ? null : 'via', other, via, 'dev', shellWord(dev), onlink ? 'onlink' : null);
}
