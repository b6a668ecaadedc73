import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instruction } from '../src/model/instruction.ts';
import { repository } from '../test/support/machine.ts';
import { encodeInstructions, type StoreText } from './encode.ts';
import { batchScript, removal, typedScript } from './ip.ts';
import { outputOf } from './machine.ts';

/** A lab as every contender wants it: files that exist, and the ping that proves it. */
export type LabFiles = {
  readonly topology: string;
  /** For `lowerbound.c`. */
  readonly lines: string;
  /** For `sh`. */
  readonly batch: { readonly up: string; readonly down: string };
  readonly typed: { readonly up: string; readonly down: string };
  /** A line of shell that fails unless a packet crosses the lab and an answer comes back. */
  readonly ping: string;
};

/** Writes a topology, and what the others need to make the same, below `folder`. */
export async function labFiles(folder: string, name: string, topology: string): Promise<LabFiles> {
  const keep = textStore(join(folder, 'kept'));
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, topology);
  const instructions = await instructionsOf(path);
  return {
    topology: path,
    lines: keep(encodeInstructions(instructions, keep)),
    batch: { up: keep(batchScript(instructions, keep)), down: keep(removal(instructions, 'batch', keep)) },
    typed: { up: keep(typedScript(instructions, keep)), down: keep(removal(instructions, 'typed', keep)) },
    ping: pingOf(instructions),
  };
}

/** Writes a topology that only netform gets. */
export function topologyFile(folder: string, name: string, topology: string): string {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, topology);
  return path;
}

async function instructionsOf(path: string): Promise<readonly Instruction[]> {
  const tsx = join(repository, 'node_modules', '.bin', 'tsx');
  return JSON.parse(await outputOf([tsx, join(repository, 'bench', 'instructions.ts'), path]));
}

/** Same text, same file. */
function textStore(folder: string): StoreText {
  mkdirSync(folder, { recursive: true });
  return (text) => {
    const path = join(folder, createHash('sha256').update(text).digest('hex').slice(0, 16));
    if (!existsSync(path)) writeFileSync(path, text);
    return path;
  };
}

/**
 * From the first namespace (the machine when there is only one) to the first address of the last on the same bridge, or of
 * the last of all where there is none: as many routers may be between as a packet can pass, on the way back too. The
 * kernel notices a carrier late when a thousand links come up at once, so it is tried again.
 */
function pingOf(instructions: readonly Instruction[]): string {
  const names = instructions.flatMap((one) => (one.do === 'netns.add' ? [one.netns] : []));
  const [first = '', ...others] = names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const masters = new Map(
    instructions.flatMap((one) =>
      one.do === 'link.add' && one.peer && one.master ? [[one.peer.netns, one.master]] : [],
    ),
  );
  const last = others.filter((netns) => masters.get(netns) === masters.get(first)).at(-1) ?? first;
  const target = instructions.find((one) => one.do === 'address.add' && one.netns === last);
  if (target?.do !== 'address.add') throw new Error('the last namespace has no address');
  const [address] = target.prefix.split('/');
  const from = others.length > 0 ? `ip netns exec ${first} ` : '';
  return [
    `ip netns exec ${last} sysctl -qw net.ipv4.ip_default_ttl=255`,
    `for i in $(seq ${MOST_PINGS}); do ! ${from}ping -t 255 -c 1 -W 1 ${address} || break; done`,
    `[ $i != ${MOST_PINGS} ]`,
  ].join('\n');
}

const MOST_PINGS = 60;
