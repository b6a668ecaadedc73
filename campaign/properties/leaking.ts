import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { addForeignObjects } from '../foreign-objects.ts';
import { apply, destroy, expectSuccess } from '../netform.ts';
import { eachSeed, must, type Property } from '../property.ts';

const MOST_GROWTH_BYTES = 48 << 20;
const WARM = 10;

export const leaking: Property = {
  name: 'leaking',
  title: 'apply and destroy of a lab of 20 namespaces: descriptors, mounts, namespaces and memory stay flat',
  unit: 'runs',
  ...{ inTest: 75, inCampaign: 10_000, perMachine: 2500 },
  run: async (seed, count, report) => {
    await addForeignObjects(seed);
    for (let i = 0; i < WARM; i++) await applyAndDestroy();
    const first = await resourceCounts();
    const memory = process.memoryUsage().rss;
    await eachSeed(async (at) => {
      await applyAndDestroy();
      if ((at - seed) % 25 !== 24 && at !== seed + count - 1) return 1;
      const now = await resourceCounts();
      for (const [what, many] of Object.entries(first)) {
        must(now[what] === many, `${what}: ${many} at first, ${now[what]} after ${at - seed + 1} runs`);
      }
      const grown = process.memoryUsage().rss - memory;
      must(grown < MOST_GROWTH_BYTES, `memory: ${grown} bytes more after ${at - seed + 1} runs`);
      return 1;
    })(seed, count, report);
  },
};

async function applyAndDestroy(): Promise<void> {
  expectSuccess(await apply(LAB));
  expectSuccess(await destroy('lab'));
}

const NAMES = Array.from({ length: 20 }, (_, i) => `leak${i}`);
const LAB = {
  version: 1,
  name: 'lab',
  bridges: { lan: { subnet: '10.10.0.0/24', address: '10.10.0.1' } },
  namespaces: Object.fromEntries(NAMES.map((name) => [name, { interfaces: { eth0: { bridge: 'lan' } } }])),
  nat: [{ masquerade: 'lan' }],
};

/** What this process and this machine hold. The kernel lets go of a namespace a moment later. */
async function resourceCounts(): Promise<Readonly<Record<string, number>>> {
  await setTimeout(200);
  const descriptors = readdirSync('/proc/self/fd').filter((fd) => isOpenDescriptor(fd));
  return {
    descriptors: descriptors.length,
    mounts: readFileSync('/proc/self/mountinfo', 'utf8').split('\n').length,
    names: readdirSync('/run/netns').length,
    sockets: descriptors.filter((fd) => descriptorTarget(fd).startsWith('socket:')).length,
    namespaces: descriptors.filter((fd) => descriptorTarget(fd).startsWith('net:')).length,
    links: readdirSync('/proc/sys/net/ipv4/conf').length,
  };
}

const isOpenDescriptor = (fd: string): boolean => descriptorTarget(fd) !== '' && !descriptorTarget(fd).endsWith('/fd');

function descriptorTarget(fd: string): string {
  try {
    return readlinkSync(join('/proc/self/fd', fd));
  } catch {
    return '';
  }
}
