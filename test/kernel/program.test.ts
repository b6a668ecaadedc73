import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { converge } from '../../src/engine/converge.ts';
import {
  type LabProcess,
  type ProcessTerms,
  processFolder,
  seenFilesFolder,
} from '../../src/model/kernel/lab-process.ts';
import type { StateEntry } from '../../src/model/kind.ts';
import { sha256Latin1 } from '../../src/model/values/hash.ts';
import { compileLab, kinds } from '../../src/registry/kinds.ts';
import { labWith } from '../unit/kinds/fixture.ts';
import * as kernel from './kernel-fixture.ts';

const FILES = seenFilesFolder('demo', 'red');

const terms: ProcessTerms = {
  workdir: '/',
  user: null,
  capabilities: [],
  secrets: {},
  ports: [],
  restart: 'never',
  readySeconds: 3,
};

/** A shell line as a program of the user's: what it prints is its log. */
const program = (line: string, more: Partial<LabProcess> = {}): LabProcess => ({
  netns: 'red',
  name: 'job',
  command: ['sh', '-c', line],
  package: '',
  environment: {},
  reads: [],
  prepare: [],
  folder: null,
  privateFolders: {},
  ready: { by: 'running' },
  reload: null,
  after: [],
  terms,
  at: [],
  ...more,
});

const bytes = new Map<string, string>();
let state: readonly StateEntry[] = [];

async function apply(processes: readonly LabProcess[] | null, files: { readonly [path: string]: string } = {}) {
  const storedFiles = Object.entries(files).map(([path, content]) => ({
    ...{ netns: 'red', path: FILES + path, content, mode: '640', at: [] },
  }));
  const namespaces = [{ name: 'red', at: [], sysctls: {}, forwardingFor: null }];
  const lab = labWith({ namespaces, storedFiles, processes: processes ?? [] });
  const desired = processes === null ? [] : compileLab(lab);
  for (const blob of desired.flatMap(({ blobs = [] }) => blobs)) bytes.set(sha256Latin1(blob), blob);
  const result = await converge(
    kernel.machine,
    {
      ...{ kinds, lab: 'demo', uid: '01234567', desired, foreign: 'refuse', heldByOthers: new Set(), extraQuery: [] },
      recorded: new Map(state.map((entry) => [entry.id, entry])),
      bytesOf: (sha) => bytes.get(sha) ?? null,
    },
    { wait: async () => {} },
  );
  state = result.recorded ?? state;
  return result;
}

const live = () => kernel.answerTo({ need: 'process', netns: 'red', key: 'demo/job' });
const readLog = () => kernel.sh(`cd ${processFolder('demo', 'red', 'job')} && cat log.2 log.1 log 2>/dev/null || true`);

/** Looks again for some seconds, on a machine that is busy with something else, until it is as it should be. */
function eventually<T>(look: () => T, isWanted: (found: T) => boolean): T {
  for (let nth = 0; nth < 100; nth++) {
    const found = look();
    if (isWanted(found)) return found;
    kernel.sh('sleep 0.05');
  }
  return look();
}

/** The output of the job when it has so many lines. */
const log = (lines: number) => eventually(readLog, (text) => text.split('\n').length >= lines);

/** The job when it has ended. */
const ended = () => eventually(live, (found) => found?.place !== 'running' && found?.pids.length === 0);

afterAll(async () => {
  await apply(null);
  // Where the lock of a real run is.
  kernel.sh('rmdir /run/netform 2>/dev/null || true');
});

beforeEach(async () => {
  await apply(null);
  state = [];
});

test('a program sees the files of its namespace and a /tmp of its own; the machine sees none of them', async () => {
  kernel.sh(
    'echo machine >/etc/there.conf; mkdir -p /etc/sub; chmod 750 /etc/sub; mount -t tmpfs x /etc/sub; echo in >/etc/sub/mounted',
  );
  const line =
    'cat /etc/there.conf /etc/fresh/app.conf /etc/sub/mounted; stat -c %a /etc/fresh/app.conf; ls -A /tmp; touch /tmp/own; exec sleep 100';
  const files = { '/etc/there.conf': 'seen\n', '/etc/fresh/app.conf': 'fresh\n' };
  expect(await apply([program(line, { reads: Object.keys(files).map((path) => FILES + path) })], files)).toMatchObject({
    status: 'reached',
    failures: [],
  });
  expect(log(4)).toBe('seen\nfresh\nin\n640');
  expect(kernel.sh('cat /etc/there.conf')).toBe('machine');
  expect([existsSync('/etc/fresh'), existsSync('/tmp/own')]).toEqual([false, false]);
  expect(kernel.sh('grep -c " /etc.* - overlay " /proc/self/mountinfo || true')).toBe('0');
  kernel.sh('umount /etc/sub');
  await apply(null);
  expect(existsSync(FILES)).toBe(false);
});

test('it runs as its user, without three capabilities, with values that stand in no record', async () => {
  const secretEnvironment = { PASSWORD: 'hunter2' };
  const line = 'id -u; grep CapBnd /proc/self/status | cut -f2; echo "$PASSWORD $WORD"; pwd; exec sleep 100';
  await apply([
    program(line, {
      environment: { WORD: 'word' },
      secretEnvironment,
      terms: { ...terms, user: 'nobody', workdir: '/usr', secrets: { PASSWORD: sha256Latin1('hunter2') } },
    }),
  ]);
  const [uid, bounding = '', words, folder] = log(4).split('\n');
  expect([uid, words, folder]).toEqual(['65534', 'hunter2 word', '/usr']);
  const has = (bit: bigint) => ((BigInt(`0x${bounding}`) >> bit) & 1n) === 1n;
  // linux/capability.h: sys_module, sys_admin, sys_boot; net_admin.
  expect([16n, 21n, 22n, 12n].map(has)).toEqual([false, false, false, true]);
  expect(JSON.stringify(state)).not.toContain('hunter2');
  expect(readFileSync(`${processFolder('demo', 'red', 'job')}/process.json`, 'utf8')).not.toContain('hunter2');
});

test('one that ended with 0 after it was ready has finished; any other end is drift', async () => {
  await apply([program('sleep 0.3; echo done')]);
  expect(live()).toMatchObject({ place: 'running', exitCode: null });
  expect(ended()).toMatchObject({ place: 'finished', exitCode: 0, pids: [] });
  expect((await apply([program('sleep 0.3; echo done')])).plan.stages).toEqual([]);
  await apply([program('sleep 0.3; exit 3')]);
  expect(ended()).toMatchObject({ place: 'ended', exitCode: 3 });
});

test('one that ends at once, or never gets ready, fails with its last lines', async () => {
  const atOnce = await apply([program('echo no such thing >&2; exit 7')]);
  expect(atOnce.failures.map(({ message }) => message)).toEqual(['job ended at once with exit code 7: no such thing']);
  await apply(null);
  state = [];
  const ready = { by: 'file', path: '/tmp/ready' } as const;
  const late = await apply([program('echo waiting; exec sleep 100', { ready, terms: { ...terms, readySeconds: 1 } })]);
  expect(late.failures.map(({ message }) => message)).toEqual(['job was not ready after 1 s: waiting']);
  expect(await apply([program('touch /tmp/ready; exec sleep 100', { ready })])).toMatchObject({ status: 'reached' });
  const command = { by: 'command', command: ['test', '-e', '/tmp/here'] } as const;
  expect(await apply([program('touch /tmp/here; exec sleep 100', { ready: command })])).toMatchObject({
    status: 'reached',
  });
});

test('its output is bounded, and the last of it is kept', async () => {
  await apply([program('i=0; while [ $i -lt 3000 ]; do echo $i; i=$((i + 1)); done; exec sleep 100')]);
  expect(eventually(readLog, (text) => text.endsWith('2999'))).toMatch(/2999$/);
  expect(kernel.sh(`cat ${processFolder('demo', 'red', 'job')}/log* | wc -c`)).toMatch(/^\d{3,7}$/);
  await apply([program('exec head -c 5000000 /dev/zero')]);
  kernel.sh('sleep 1');
  expect(Number(kernel.sh(`cat ${processFolder('demo', 'red', 'job')}/log* | wc -c`))).toBeLessThan(1_600_000);
});

/** Two programs of which each has something done that the other has to see. */
const pair = (of: (own: string, other: string) => LabProcess): readonly LabProcess[] => [
  { ...of('one', 'two'), name: 'one' },
  { ...of('two', 'one'), name: 'two' },
];

test('programs are waited for side by side, and end side by side', async () => {
  const folder = kernel.sh('mktemp -d /run/pair.XXXX');
  const meet = (own: string, other: string) =>
    `touch ${folder}/${own}; while ! [ -e ${folder}/${other} ]; do sleep 0.05; done; touch ${folder}/met-${own}; exit`;
  const processes = pair((own, other) =>
    program(`trap '${meet(`end-${own}`, `end-${other}`)}' TERM; while :; do sleep 0.05; done`, {
      ready: { by: 'command', command: ['sh', '-c', `touch ${folder}/${own}; test -e ${folder}/${other}`] },
    }),
  );
  expect(await apply(processes)).toMatchObject({ status: 'reached', failures: [] });
  expect(await apply(null)).toMatchObject({ status: 'reached', failures: [] });
  expect(kernel.sh(`ls ${folder} | grep met`)).toBe('met-end-one\nmet-end-two');
  kernel.sh(`rm -r ${folder}`);
});

test('a program that cannot enter namespaces has none of their names in its mounts, one that can has all', async () => {
  const named = 'grep -c " /run/netns/" /proc/self/mountinfo; exec sleep 100';
  await apply([program(named)]);
  expect(log(1)).toBe('0');
  await apply([program(named, { terms: { ...terms, capabilities: ['sys_admin'] } })]);
  expect(eventually(readLog, (text) => /^[1-9]/.test(text))).toMatch(/^[1-9]/);
});
