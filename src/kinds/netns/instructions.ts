import type { Instruction } from '../../model/instruction.ts';
import { type KindContext, markOf } from '../../model/kind.ts';
import type { Operation } from '../../model/operation.ts';
import { LOOPBACK_PREFIX } from './observe.ts';
import type { NetnsSpec, NetnsSysctls, OriginalNetnsState } from './spec.ts';

type NetnsBatches = readonly (readonly Instruction[])[];

/** What is taken over is marked first; what is given back loses the mark last, so that a run that is killed is known. */
export function netnsInstructions(
  operation: Operation<NetnsSpec>,
  phase: 'delete' | 'make',
  context: KindContext<NetnsSpec>,
): NetnsBatches {
  const { before, after, netns } = operation;
  const leftover = context.interrupted ? ({ leftover: true } as const) : {};
  if (phase === 'delete') return before ? [[{ do: 'netns.delete', netns, ...leftover }]] : [];
  if (!after) return [];
  const mark = after.former ? (after.former.alias ?? '') : markOf(context);
  if (operation.action !== 'update' || !before) return [[{ do: 'netns.add', netns, mark, sysctls: after.sysctls }]];
  const isTaken = before.former !== undefined && after.former === undefined;
  return [
    ...(isTaken ? [[loopback(netns, { alias: mark, up: true })]] : []),
    ...sysctlRounds(netns, before, after.sysctls),
    ...(after.former ? giveBack(netns, after.former, mark) : []),
  ].filter((round) => round.length > 0);
}

/** In order, one after the other: throwing the switch of forwarding resets others, so all are written again after it. */
function sysctlRounds(netns: string, before: NetnsSpec, after: NetnsSysctls): NetnsBatches {
  const changed = Object.keys(after).filter((key) => after[key] !== before.sysctls[key]);
  const switched = changed.some((key) => FORWARDING.includes(key));
  const rest = switched ? Object.keys(after).filter((key) => !changed.includes(key)) : [];
  const dropped = Object.entries(before.fresh ?? {}).filter(([key]) => !(key in after));
  return [...[...changed, ...rest].map((key): [string, string] => [key, after[key] ?? '']), ...dropped].map(
    ([key, value]) => [{ do: 'sysctl.set', netns, key, value }],
  );
}

const FORWARDING = ['net/ipv4/ip_forward', 'net/ipv4/conf/all/forwarding', 'net/ipv6/conf/all/forwarding'];

/** The kernel lets the address of `lo` stay when that is set down. */
const giveBack = (
  netns: string,
  { devices, loopback: addressed, up }: OriginalNetnsState,
  alias: string,
): NetnsBatches => [
  Object.entries(devices).map(([key, value]) => ({ do: 'sysctl.restore', netns, key, value })),
  addressed || up ? [] : [{ do: 'address.delete', netns, dev: 'lo', prefix: LOOPBACK_PREFIX }],
  [loopback(netns, { alias, up })],
];

const loopback = (netns: string, set: { readonly alias: string; readonly up: boolean }): Instruction => ({
  do: 'link.set',
  netns,
  name: 'lo',
  set,
});
