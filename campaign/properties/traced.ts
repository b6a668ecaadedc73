import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { repository } from '../../test/support/machine.ts';
import { addForeignObjects } from '../foreign-objects.ts';
import { apply, destroy, expectSuccess, FILE, labNames } from '../netform.ts';
import { eachSeed, must, mustEqual, type Property } from '../property.ts';
import { random } from '../random.ts';
import { scenario } from '../scenarios.ts';
import { snapshot, stableSnapshot } from '../shell.ts';

/** System calls that fail, or after which the process is killed, in the middle of what is one instruction for netform. */
const FAULTS = [
  ...['sendto:error=ENOBUFS', 'mount:error=EPERM', 'fdatasync:error=ENOSPC', 'fsync:error=EIO', 'rename:error=ENOSPC'],
  ...['mkdir:error=EDQUOT', 'umount2:error=EBUSY', 'unlink:error=EBUSY', 'setns:error=EPERM', 'link:error=EMLINK'],
  ...['mount', 'umount2', 'unlink', 'rename', 'sendto', 'fsync', 'fdatasync', 'unshare', 'setns', 'link'].map(
    (call) => `${call}:signal=KILL`,
  ),
] as const;

export const traced: Property = {
  name: 'traced',
  title:
    'system calls of the shipped command fail, or are its last (strace): the old state or the new, and it recovers',
  unit: 'runs',
  ...{ inTest: 20, inCampaign: 2000, perMachine: 32 },
  run: async (seed, count, report) => {
    await addForeignObjects(seed);
    const empty = await snapshot();
    await eachSeed(async (at) => {
      const dice = random(at);
      const lab = scenario(2 * dice.below(6)).after;
      writeFileSync(FILE, lab);
      const fault = FAULTS[at % FAULTS.length] ?? '';
      const when = 1 + dice.below(fault.startsWith('sendto') ? 40 : 8);
      const isDestroy = dice.often(30);
      if (isDestroy) expectSuccess(await apply(lab));
      const what = `${isDestroy ? 'destroy' : 'apply'}, ${fault}:when=${when}`;
      const args = isDestroy ? ['destroy', 'lab', '--yes'] : ['apply', FILE, '--yes'];
      const inject = ['-f', '-qq', '-o', '/dev/null', '-e', `inject=${fault}:when=${when}`];
      const command = [process.execPath, `${repository}bin/run.js`, ...args];
      const { status, signal, stderr } = spawnSync('strace', [...inject, ...command], { encoding: 'utf8' });
      const isKilled = signal === 'SIGKILL' || status === 137;
      must(isKilled || status === 0 || !/^\s+at /m.test(stderr), `${what}: a stack instead of a sentence\n${stderr}`);
      if (status === 4)
        mustEqual(isDestroy ? '' : await snapshot(), isDestroy ? '' : empty, `${what}: exit 4\n${stderr}`);
      expectSuccess(await apply(lab));
      const made = await stableSnapshot();
      must(labNames().includes('lab'), `${what}: no state after apply`);
      expectSuccess(await destroy('lab'));
      mustEqual(await snapshot(), empty, `${what}: destroy did not restore the machine`);
      expectSuccess(await apply(lab));
      mustEqual(await stableSnapshot(), made, `${what}: the lab is not as a fresh one`);
      expectSuccess(await destroy('lab'));
      return 1;
    })(seed, count, report);
  },
};
