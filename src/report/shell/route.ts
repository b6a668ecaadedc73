import { NETFORM_PROTOCOL, type RouteValue, type RuleValue } from '../../model/instruction.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import { shellWord } from '../../model/values/shell-word.ts';
import { ipCommand, shellCommand } from './quote.ts';

type ShellRoute = { readonly netns: string; readonly verb: 'add' | 'replace' | 'delete'; readonly route: RouteValue };
type ShellRule = { readonly netns: string; readonly verb: 'add' | 'delete'; readonly rule: RuleValue };

/** `ip route add|replace|delete`, always with the full key. */
export function routeLine({ netns, verb, route }: ShellRoute): string {
  const family = route.to.includes(':') ? '-6' : null;
  const type = route.type === 'unicast' ? null : route.type;
  return shellCommand(
    ipCommand(netns),
    family,
    'route',
    verb,
    type,
    destination(route.to),
    ...options(route),
    ...nexthops(route),
  );
}

/** `ip rule add|delete`. */
export function ruleLine({ netns, verb, rule }: ShellRule): string {
  const mark = rule.mark === null ? null : `fwmark ${hex(rule.mark.value)}/${hex(rule.mark.mask)}`;
  return shellCommand(
    ipCommand(netns),
    rule.family === 6 ? '-6' : null,
    'rule',
    verb,
    rule.from === null ? null : `from ${rule.from}`,
    rule.to === null ? null : `to ${rule.to}`,
    rule.iif === null ? null : `iif ${shellWord(rule.iif)}`,
    rule.oif === null ? null : `oif ${shellWord(rule.oif)}`,
    mark,
    rule.action === 'lookup' ? `table ${rule.table}` : rule.action,
    `priority ${rule.priority}`,
    `protocol ${rule.protocol ?? NETFORM_PROTOCOL}`,
  );
}

const destination = (to: string): string => (to === '0.0.0.0/0' || to === '::/0' ? 'default' : to);

const options = (route: RouteValue): readonly (string | null)[] => [
  `proto ${route.protocol ?? NETFORM_PROTOCOL}`,
  route.table === RT_TABLE_MAIN ? null : `table ${route.table}`,
  route.metric === 0 ? null : `metric ${route.metric}`,
  route.src === null ? null : `src ${route.src}`,
  route.mtu === null ? null : `mtu ${route.mtu}`,
];

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

const hex = (value: number): string => `0x${value.toString(16)}`;
