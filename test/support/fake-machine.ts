import type { Announcement } from '../../src/kernel/packets/gratuitous-arp.ts';
import { movedAddresses } from '../../src/kernel/packets/moved-addresses.ts';
import { touchedNamespaces } from '../../src/kernel/read/read-again.ts';
import type { Instruction } from '../../src/model/instruction.ts';
import type { Spec } from '../../src/model/json.ts';
import { withNamespaces } from '../../src/model/kernel/with-namespaces.ts';
import type { Failure, Machine } from '../../src/model/machine.ts';
import { changeLink, createLink, deleteLink, moveLink } from './fake/links.ts';
import { dumpOf, look } from './fake/look.ts';
import * as queues from './fake/queues.ts';
import { addAddress, deleteAddress, deleteRoute, markAddress, putRoute } from './fake/routes.ts';
import { setSysctl } from './fake/sysctls.ts';
import * as system from './fake/system.ts';
import { changeVlans } from './fake/vlans.ts';
import { setWireguard } from './fake/wireguard.ts';
import { newWorld, refuse, type World } from './fake/world.ts';

export type FakeMachine = Machine & {
  readonly world: World;
  /** Everything there is as canonical text: two machines are the same when this is. */
  readonly dump: () => string;
  /** Every instruction that was given, refused ones too. */
  readonly given: readonly Instruction[];
  /** What each link has said that it has. */
  readonly announced: readonly Announcement[];
  /** Refuses what it says true to; `nth` counts the instructions of this machine from 1. */
  readonly refuseWhen: (says: (nth: number, instruction: Instruction) => boolean) => void;
};

/**
 * A machine in memory that is stricter than the kernel: adding what exists, deleting what does not, and a wrong order
 * are refused with the kernel's errno; a batch is done in another order than it is given in, as its instructions must
 * not depend on each other. What the kernel does by itself, it does too.
 */
export function fakeMachine(world: World = newWorld()): FakeMachine {
  const given: Instruction[] = [];
  const announced: Announcement[] = [];
  let refuses = (_nth: number, _instruction: Instruction): boolean => false;
  let seed = 1;
  const attempt = (instruction: Instruction, nth: number): readonly Failure[] => {
    try {
      if (refuses(nth, instruction)) throw refuse('EINJECTED', `refused on purpose: the ${nth}th instruction`);
      perform(world, instruction);
      return [];
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error;
      return [{ instruction, code: String(error.code), message: error.message }];
    }
  };
  const read: Machine['read'] = (query) => {
    const live = look(world, query);
    system.cleanUp(world);
    return live;
  };
  const execute: Machine['execute'] = (batch) => {
    const first = given.length + 1;
    given.push(...batch);
    seed = (seed * 48271) % 2147483647;
    const failures = shuffled(batch, seed).flatMap(([index, one]) =>
      attempt(one, first + index).map((failure) => [index, failure] as const),
    );
    return failures.sort(([a], [b]) => a - b).map(([, failure]) => failure);
  };
  return {
    world,
    given,
    announced,
    dump: () => dumpOf(world),
    refuseWhen: (says) => {
      refuses = says;
    },
    read,
    readAgain: (live, batch) => {
      const namespaces = touchedNamespaces(batch);
      const needs = live
        .all('namespace')
        .map(({ need }) => need)
        .filter(({ netns }) => namespaces.has(netns));
      const now = read(needs);
      return withNamespaces(live, new Map(needs.map((need) => [need.netns, now.get(need)])), now.ms);
    },
    execute,
    connect: async (batch) => execute(batch),
    afterRun: async (run) => void announced.push(...movedAddresses(run)),
    close: () => {},
  };
}

function shuffled<T>(items: readonly T[], seed: number): readonly (readonly [number, T])[] {
  const rank = (index: number) => (Math.imul(index + 1, 2654435761) ^ Math.imul(seed, 40503)) >>> 0;
  return items.map((item, index) => [index, item] as const).sort(([a], [b]) => rank(a) - rank(b));
}

function perform(world: World, one: Instruction): void {
  switch (one.do) {
    case 'netns.add':
      system.addNamespace(world, one);
      break;
    case 'netns.delete':
      system.deleteNamespace(world, one.netns);
      break;
    case 'link.add':
      createLink(world, one);
      break;
    case 'link.set':
      changeLink(world, one);
      break;
    case 'link.move':
      moveLink(world, one);
      break;
    case 'link.delete':
      deleteLink(world, one.netns, one.name);
      break;
    case 'address.add':
      addAddress(world, one);
      break;
    case 'address.delete':
      deleteAddress(world, one);
      break;
    case 'address.mark':
      markAddress(world, one);
      break;
    case 'route.add':
    case 'route.replace':
      putRoute(world, one);
      break;
    case 'route.delete':
      deleteRoute(world, one);
      break;
    case 'rule.add':
      system.addRule(world, one);
      break;
    case 'rule.delete':
      system.deleteRule(world, one);
      break;
    case 'neighbour.set':
      system.setNeighbour(world, one);
      break;
    case 'neighbour.delete':
      system.deleteNeighbour(world, one);
      break;
    case 'queue.set':
      queues.setQueue(world, one);
      break;
    case 'queue.delete':
      queues.deleteQueue(world, one);
      break;
    case 'bridge-vlan.add':
    case 'bridge-vlan.delete':
      changeVlans(world, one);
      break;
    case 'fdb.append':
      system.appendFdb(world, one);
      break;
    case 'fdb.delete':
      system.deleteFdb(world, one);
      break;
    case 'fdb.replace':
    case 'fdb.remove':
      system.changeBridgeEntry(world, one);
      break;
    case 'mdb.add':
    case 'mdb.delete':
      system.changeGroup(world, one);
      break;
    case 'sysctl.set':
      setSysctl(world, one);
      break;
    case 'sysctl.restore':
      restore(world, one);
      break;
    case 'nft.replace':
      if (one.family === 'netdev') queues.replaceEgressTable(world, one);
      else system.replaceTable(world, one);
      break;
    case 'nft.delete':
      if (one.family === 'netdev') queues.deleteEgressTable(world, one);
      else system.deleteTable(world, one);
      break;
    case 'flows.forget':
      system.forgetFlows(world, one);
      break;
    case 'file.put':
      world.files.set(one.path, one.bytes() ?? '');
      break;
    case 'wireguard.set':
      setWireguard(world, one);
      break;
    case 'process.start':
    case 'process.reload':
      world.processes.set(`${one.netns}/${one.lab}/${one.process.name}`, one.process as unknown as Spec);
      break;
    case 'process.check':
      break;
    case 'process.stop':
      world.processes.delete(`${one.netns}/${one.lab}/${one.process.name}`);
      break;
    case 'file.write':
      system.writeFile(world, one);
      break;
    case 'file.delete':
      system.deleteFile(world, one);
      break;
    case 'file.block':
      system.putBlock(world, one);
      break;
    case 'file.unblock':
      system.takeBlock(world, one);
      break;
  }
}

function restore(world: World, one: Instruction & { do: 'sysctl.restore' }): void {
  try {
    setSysctl(world, one);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
