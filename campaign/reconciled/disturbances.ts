import { randomUUID } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import type { Random } from '../random.ts';
import { sh } from '../shell.ts';
import { LABS, TAKEN } from './history.ts';
import { hideRepository, showRepository } from './repository.ts';
import { type ReconcileEnding, reconcileHere, reconcileKilled } from './runs.ts';

/** Something that happens to a run, or between two; `run`: how the run in it ended, null: it was killed, or there was none. */
export type Disturbance = {
  readonly name: 'kill' | 'reboot' | 'drift' | 'unreachable' | 'full disk' | 'refusal';
  readonly happen: (dice: Random) => Promise<ReconcileEnding | null>;
};

const BOOT_ID = '/run/boot-id';
const DISK_BYTES = 8 << 20;

/** The boot id of this machine becomes one that can change, its disk one that can be full, and a link of another is there. */
export async function prepareMachine(): Promise<void> {
  writeFileSync(BOOT_ID, `${randomUUID()}\n`);
  await sh(`mount --bind ${BOOT_ID} /proc/sys/kernel/random/boot_id
mount -o remount,size=${DISK_BYTES} /var/lib
${FOREIGN}`);
}

const FOREIGN = `ip link add name ${TAKEN} address 02:00:00:00:00:aa type veth peer name other0 address 02:00:00:00:00:bb`;

/** What is only in the memory of a machine goes: its network, its processes, /run/netform. */
async function reboot(): Promise<void> {
  await sh(`set -e
pkill -9 -f '[r]ollback-timer\\.cjs' || true
ip -all netns delete
for link in $(ip -o link show | sed -n 's/^[0-9]*: \\([^:@]*\\).*/\\1/p'); do
  test $link = lo || ip link delete dev $link 2>/dev/null || true
done
rm -rf /run/netform
${FOREIGN}`);
  writeFileSync(BOOT_ID, `${randomUUID()}\n`);
}

const CHANGES: readonly [string, ...string[]] = [
  'ip netns delete red-LAB',
  'ip -n blue-LAB address flush dev eth0',
  'ip link delete dev lan-LAB',
  'ip -n red-LAB link set dev eth0 mtu 1290',
  'ip -n red-LAB link delete dev eth0',
  'ip link set dev lan-LAB down',
];

/** Another changes something of a lab, where it is. */
export async function drift(dice: Random): Promise<void> {
  const lab = dice.one(LABS as ['alpha', 'beta']);
  await sh(`(${dice.one(CHANGES).replaceAll('LAB', lab)}) 2>/dev/null || true`);
}

/** A run is killed after an instruction, between two records of its journal, in one, or at any time. */
async function kill(dice: Random): Promise<null> {
  const nth = 1 + dice.below(10);
  const way = dice.below(5);
  if (way < 2) await reconcileKilled({ afterMs: 80 + dice.below(1200) });
  else {
    const fault = [`kill@instruction:${nth}`, `kill@journal:${nth}`, `tear@journal:${nth}`][way - 2] ?? '';
    await reconcileKilled({ fault });
  }
  return null;
}

const FILL = '/var/lib/fill';

/** The disk gets its room back. */
export const freeDisk = (): Promise<string> => sh(`rm -f ${FILL}`);

export const disturbances: readonly [Disturbance, ...Disturbance[]] = [
  { name: 'kill', happen: kill },
  {
    name: 'reboot',
    happen: async (dice) => {
      if (dice.often(60)) await kill(dice);
      await reboot();
      return null;
    },
  },
  {
    name: 'drift',
    happen: async (dice) => {
      await drift(dice);
      return reconcileHere();
    },
  },
  {
    name: 'unreachable',
    happen: async (dice) => {
      if (dice.often(50)) await drift(dice);
      await hideRepository();
      const ended = await reconcileHere();
      await showRepository();
      return ended;
    },
  },
  {
    name: 'full disk',
    happen: async (dice) => {
      if (dice.often(30)) await drift(dice);
      // Some of the first files have room, the next ones have not.
      const left = dice.often(40) ? 0 : dice.below(60) * 4096;
      await sh(`dd if=/dev/zero of=${FILL} bs=4k 2>/dev/null || true; truncate -s -${left} ${FILL}`);
      await reconcileHere();
      await freeDisk();
      return null;
    },
  },
  {
    name: 'refusal',
    happen: async (dice) => {
      await reconcileHere(`fail@instruction:${1 + dice.below(8)}:${dice.one(['EIO', 'ENOBUFS', 'ETIMEDOUT'])}`);
      return null;
    },
  },
];

/** Whether something of a lab is remembered. */
export const isRecorded = (lab: string): boolean => existsSync(`/var/lib/netform/${lab}/state.json`);
