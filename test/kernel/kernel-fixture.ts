import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, expect } from 'vitest';
import { realMachine } from '../../src/kernel/machine.ts';
import type { VxlanOptions } from '../../src/kinds/links/vxlan/options.ts';
import type { Instruction, LinkSettings, RouteValue, RuleValue } from '../../src/model/instruction.ts';
import type { LinkLive, NetnsLive } from '../../src/model/kernel/live-state.ts';
import type { Answer, LiveState, Need, NeedName, NeedOf, Query } from '../../src/model/kernel/need.ts';
import type { Failure } from '../../src/model/machine.ts';
import { instructionFamilies } from '../../src/registry/instructions.ts';
import { linkKinds } from '../../src/registry/kinds.ts';
import { insideThrowawayMachine } from './require-throwaway-machine.ts';

insideThrowawayMachine();

export const machine = realMachine(linkKinds, instructionFamilies);
export const MARK = 'netform:v1:lab:0123abcd';

/** False in the machine of an ordinary user: nobody but root is there to give a file to. */
export const hasOtherUsers = /\s4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));

/** What a shell command prints; throws when it fails. */
export const sh = (command: string): string => execFileSync('sh', ['-c', command], { encoding: 'utf8' }).trim();

type Json = { readonly [key: string]: unknown };

/** What `ip -j` says, as the oracle: the first object, all keys. */
export function ip(args: string): Json {
  const all: readonly Json[] = JSON.parse(sh(`ip -d -j -N ${args}`) || '[]');
  return all.find((one) => Object.keys(one).length > 0) ?? {};
}

export const ipAll = (args: string): readonly Json[] => JSON.parse(sh(`ip -d -j -N ${args}`) || '[]');

/** Does a batch that nothing may go wrong in. */
export function executeAll(...batch: readonly Instruction[]): void {
  expect(machine.execute(batch)).toEqual([]);
}

/** The failure of one instruction. */
export function executeFailure(instruction: Instruction): Pick<Failure, 'code' | 'message'> {
  const [failure] = machine.execute([instruction]);
  if (!failure) throw new Error(`${instruction.do} was not refused`);
  return { code: failure.code, message: failure.message };
}

/** What the machine answers to these needs. */
export const read = (...needs: Query): LiveState => machine.read(needs);

/** The answer to one need. */
export const answerTo = <N extends NeedName>(need: NeedOf<N>): Answer<N> | null =>
  machine.read([need as Need]).get(need);

/** A reading of some namespaces. */
export const readNamespaces = (...names: readonly string[]): LiveState =>
  machine.read(names.map((netns) => ({ need: 'namespace', netns })));

export function readNetns(netns: string): NetnsLive {
  const live = answerTo({ need: 'namespace', netns });
  if (!live) throw new Error(`no namespace ${netns}`);
  return live;
}

export function readLink(netns: string, name: string): LinkLive {
  const link = readNetns(netns).links.get(name);
  if (!link) throw new Error(`no link ${name} in ${netns}`);
  return link;
}

export const addNetns = (netns: string): Instruction => ({ do: 'netns.add', netns, mark: MARK, sysctls: {} });

let lastMac = 0;
const mac = (): string => {
  lastMac += 1;
  return `02:4e:46:00:${(lastMac >> 8).toString(16).padStart(2, '0')}:${(lastMac & 255).toString(16).padStart(2, '0')}`;
};

export const addBridge = (netns: string, name: string): Instruction => ({
  do: 'link.add',
  netns,
  name,
  kind: 'bridge',
  mac: mac(),
  mtu: null,
  group: 20038,
  master: null,
  lower: null,
  peer: null,
  options: { stp: false, ageing: 300, forwardDelay: 2, priority: 32768, multicastSnooping: false },
});

/** The link as `red/vx0`; its MTU is the kernel's choice. */
export function addVxlan(link: string, options: VxlanOptions, master: string | null): Instruction {
  const [netns = '', name = ''] = link.split('/');
  const lower = options.dev === null ? null : { netns, name: options.dev };
  const one = { netns, name, mac: mac(), mtu: null, group: 20038, master, peer: null, lower };
  return { do: 'link.add', kind: 'vxlan', ...one, options };
}

/** Ends as `red/eth0`. */
export function addVeth(first: string, second: string, master: string | null = null): Instruction {
  const end = (text: string) => {
    const [netns = '', name = ''] = text.split('/');
    return { netns, name, mac: mac(), mtu: null, group: 20038 };
  };
  return { do: 'link.add', ...end(first), kind: 'veth', master, peer: end(second), lower: null, options: {} };
}

export function setLink(end: string, set: LinkSettings): Instruction {
  const [netns = '', name = ''] = end.split('/');
  return { do: 'link.set', netns, name, set };
}

export function addAddress(end: string, prefix: string): Instruction {
  const [netns = '', dev = ''] = end.split('/');
  return { do: 'address.add', netns, dev, prefix: prefix, protocol: null };
}

export const route = (fields: Partial<RouteValue> & Pick<RouteValue, 'to'>): RouteValue => ({
  type: 'unicast',
  hops: [],
  src: null,
  metric: fields.to.includes(':') ? 1024 : 0,
  table: 254,
  mtu: null,
  ...fields,
});

export const hop = (via: string | null, dev: string, weight = 1) => ({ via, dev, weight, onlink: false });

export const rule = (fields: Partial<RuleValue>): RuleValue => ({
  family: 4,
  from: null,
  to: null,
  iif: null,
  oif: null,
  mark: null,
  table: 100,
  priority: 1000,
  action: 'lookup',
  ...fields,
});

/** A machine like new for the next test. */
afterEach(() => {
  machine.close();
  sh('for n in $(ls /run/netns 2>/dev/null); do ip netns del $n 2>/dev/null || rm -f /run/netns/$n; done');
  sh(
    "for l in $(ls /proc/sys/net/ipv4/conf | grep -vE '^(all|default|lo)$'); do ip link del dev $l 2>/dev/null || true; done",
  );
});

afterAll(() => machine.close());
