import { netnsId, sysctlName } from '../../model/ids.ts';
import type { Instruction } from '../../model/instruction.ts';
import { type Context, type Kind, markOf } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Live } from '../../model/live.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import type { Found, Resource } from '../../model/resource.ts';
import { defineKind } from '../define.ts';
import { absent, foreign, ours, whoseMark } from '../found.ts';
import { fromTo, lineOf } from '../line.ts';

/** Slash keys below /proc/sys in the order of writing; only those that name no device. */
export type NetnsSpec = { readonly name: string; readonly sysctls: { readonly [key: string]: string } };

const definition: Kind<NetnsSpec> = {
  name: 'netns',
  compile,
  wants: ({ netns, spec }) => ({
    netns: [netns],
    sysctls: Object.keys(spec.sysctls).map((key) => ({ netns, key })),
  }),
  observe,
  immutable: ['name'],
  steps,
  describe,
  released: () => null,
};

/** A network namespace: its name under /run/netns, the mark on its `lo`, its sysctls. */
export const netns = defineKind(definition);

function compile(lab: Lab): readonly Resource<NetnsSpec>[] {
  return lab.namespaces.map(({ name, sysctls, at, forwardingFor }) => ({
    kind: 'netns',
    id: netnsId(name),
    netns: name,
    spec: { name, sysctls },
    dependsOn: [],
    within: [],
    origin: at,
    note: forwardingFor && `forwarding for ${forwardingFor}`,
  }));
}

function observe(live: Live, resource: Resource<NetnsSpec>, context: Context<NetnsSpec>): Found<NetnsSpec> {
  const { name, sysctls } = resource.spec;
  if (live.deadNetns.has(name)) {
    // Without a name it is none: it can only be replaced.
    if (context.interrupted) return ours({ name: '', sysctls: {} });
    return foreign({ name, sysctls: {} }, 'a dead file, not a namespace');
  }
  const there = live.netns.get(name);
  if (!there) return absent;
  const values = Object.keys(sysctls).flatMap((key): [string, string][] => {
    const value = there.sysctls.get(key);
    return value === undefined || value === null ? [] : [[key, value]];
  });
  const spec = { name, sysctls: Object.fromEntries(values) };
  return there.mark === markOf(context) ? ours(spec) : foreign(spec, whoseMark(there.mark));
}

function steps(
  operation: Operation<NetnsSpec>,
  phase: 'delete' | 'make',
  context: Context<NetnsSpec>,
): readonly (readonly Instruction[])[] {
  const { before, after, netns } = operation;
  const leftover = context.interrupted ? ({ leftover: true } as const) : {};
  if (phase === 'delete') return before ? [[{ do: 'netns.delete', netns, ...leftover }]] : [];
  if (!after) return [];
  const mark = markOf(context);
  if (operation.action !== 'update') return [[{ do: 'netns.add', netns, mark, sysctls: after.sysctls }]];
  const adopt: readonly Instruction[] = [{ do: 'link.set', netns, name: 'lo', set: { alias: mark, up: true } }];
  return [...(context.recorded ? [] : [adopt]), ...sysctlRounds(operation.netns, before?.sysctls ?? {}, after.sysctls)];
}

/** In order, one after the other: throwing the switch of forwarding resets others, so all are written again after it. */
function sysctlRounds(
  netns: string,
  before: NetnsSpec['sysctls'],
  after: NetnsSpec['sysctls'],
): readonly (readonly Instruction[])[] {
  const changed = Object.keys(after).filter((key) => after[key] !== before[key]);
  const switched = changed.some((key) => FORWARDING.includes(key));
  const rest = switched ? Object.keys(after).filter((key) => !changed.includes(key)) : [];
  return [...changed, ...rest].map((key) => [{ do: 'sysctl.set', netns, key, value: after[key] ?? '' }]);
}

const FORWARDING = ['net/ipv4/ip_forward', 'net/ipv4/conf/all/forwarding', 'net/ipv6/conf/all/forwarding'];

function describe(operation: Operation<NetnsSpec>): readonly PlanLine[] {
  if (operation.action !== 'update') return [lineOf(operation, { noun: 'netns', name: '', text: '' })];
  const { before, after } = operation;
  const keys = [...new Set([...Object.keys(after?.sysctls ?? {}), ...Object.keys(before?.sysctls ?? {})])];
  const changed = keys.filter((key) => before?.sysctls[key] !== after?.sysctls[key]);
  if (changed.length === 0) return [lineOf(operation, { noun: 'netns', name: '', text: 'taken over' })];
  return changed.map((key) => {
    const text = fromTo(before?.sysctls[key], after?.sysctls[key]);
    return lineOf(operation, { noun: 'sysctl', name: sysctlName(key), text });
  });
}
