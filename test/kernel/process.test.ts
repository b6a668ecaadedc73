import { existsSync, readFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { converge } from '../../src/engine/converge.ts';
import type { Goal } from '../../src/engine/goal.ts';
import { type LabProcess, labRunFolder, processFolder } from '../../src/model/kernel/lab-process.ts';
import type { StateEntry } from '../../src/model/kind.ts';
import { sha256Latin1 } from '../../src/model/values/hash.ts';
import { compileLab, kinds } from '../../src/registry/kinds.ts';
import { labWith } from '../unit/kinds/fixture.ts';
import * as kernel from './kernel-fixture.ts';

const FOLDER = labRunFolder('demo', 'red');
const SOCKET = `${FOLDER}/echo/socket`;
const CONFIG = `${FOLDER}/echo.conf`;
/** Listens on a socket of the file system, and says what its file says. */
const SERVER = `
use IO::Socket::UNIX; $SIG{PIPE} = 'IGNORE';
my $read = sub { open my $f, '<', $ARGV[1] or die; my $text = <$f>; $text };
my $text = $read->();
die "no word in $ARGV[1]\\n" if $text =~ /^broken/;
$SIG{HUP} = sub { $text = $read->() };
if (fork() == 0) { sleep 1000; exit }
unlink $ARGV[0]; my $server = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 5) or die;
while (1) { my $client = $server->accept or next; print $client $text; close $client }`;

const echo = (more: Partial<LabProcess> = {}): LabProcess => ({
  netns: 'red',
  name: 'echo',
  command: ['perl', '-e', SERVER, SOCKET, CONFIG],
  package: 'perl',
  environment: { WORD: 'one' },
  reads: [CONFIG],
  prepare: [{ creates: `${FOLDER}/echo/database`, command: ['touch', `${FOLDER}/echo/database`] }],
  folder: `${FOLDER}/echo`,
  privateFolders: {},
  ready: { by: 'socket', path: SOCKET },
  reload: null,
  after: [],
  at: [],
  ...more,
});

const bytes = new Map<string, string>();
let state: readonly StateEntry[] = [];

type Wanted = { readonly content?: string; readonly processes?: readonly LabProcess[]; readonly secret?: string };

/** The goal of a lab with these; nothing: that it is gone. */
function goalOf(wanted: Wanted | null): Goal {
  const { content = 'hello', processes = [echo()], secret = 'key' } = wanted ?? {};
  const at = { netns: 'red', at: [] };
  const lab = labWith({
    namespaces: [{ name: 'red', at: [], sysctls: {}, forwardingFor: null }],
    storedFiles: [{ ...at, path: CONFIG, content }],
    secrets: [{ ...at, path: `${FOLDER}/key`, content: secret }],
    processes,
  });
  const desired = wanted === null ? [] : compileLab(lab);
  for (const blob of desired.flatMap(({ blobs = [] }) => blobs)) bytes.set(sha256Latin1(blob), blob);
  return {
    kinds,
    lab: 'demo',
    uid: '01234567',
    desired,
    recorded: new Map(state.map((entry) => [entry.id, entry])),
    foreign: 'refuse',
    heldByOthers: new Set(),
    extraQuery: [],
    bytesOf: (sha) => bytes.get(sha) ?? null,
  };
}

async function apply(wanted: Wanted | null) {
  const result = await converge(kernel.machine, goalOf(wanted), { wait: async () => {} });
  state = result.recorded ?? state;
  return result;
}

const live = (name = 'echo') => kernel.answerTo({ need: 'process', netns: 'red', key: `demo/${name}` });
const say = () => kernel.sh(`perl -MIO::Socket::UNIX -e 'print IO::Socket::UNIX->new(Peer => "${SOCKET}")->getline'`);

beforeEach(async () => {
  await apply(null);
  state = [];
});

test('a process starts in its namespace, outside the control group of who starts it, and ends with all that it started', async () => {
  expect(await apply({})).toMatchObject({ status: 'reached', failures: [] });
  const one = live();
  expect(one).toMatchObject({ place: 'running', seconds: expect.any(Number) });
  expect(one?.pids.length).toBe(2);
  expect(say()).toBe('hello');
  expect(kernel.sh(`ip netns identify ${one?.pid}`)).toBe('red');
  const group = (pid: number | string) => readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n').at(-2);
  expect(group(one?.pid ?? 0)).toContain('/netform-');
  expect(group(one?.pid ?? 0)).not.toBe(group('self'));
  expect(readFileSync(`/proc/${one?.pid}/environ`, 'utf8').split('\0').sort()).toEqual([
    '',
    'LC_ALL=C',
    expect.stringMatching(/^PATH=/),
    expect.stringMatching(/^PWD=/),
    'WORD=one',
  ]);
  expect(kernel.sh(`stat -c %a ${FOLDER}/key ${processFolder('demo', 'red', 'echo')}/process.json`)).toBe('600\n600');
  expect((await apply({})).plan.stages).toEqual([]);
  expect(await apply(null)).toMatchObject({ status: 'reached', failures: [] });
  expect(one?.pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  expect(existsSync('/run/netform')).toBe(false);
  expect(
    kernel.sh(
      'find $(sed -n "s/^\\([^ ]* \\)\\{4\\}\\([^ ]*\\) .* - cgroup2 .*/\\2/p" /proc/self/mountinfo | tail -n 1) -name "netform-*"',
    ),
  ).toBe('');
});

test('what ended, is a zombie, or lost its namespace is drift, and is started again', async () => {
  await apply({});
  const first = live()?.pid ?? 0;
  kernel.sh(`kill -9 ${first}; sleep 0.1`);
  expect(live()?.place).toBe('remains');
  const again = await apply({});
  expect(again.plan.stages.flatMap(({ operations }) => operations)).toContainEqual(
    expect.objectContaining({ id: 'process:red/echo', action: 'replace', cause: 'drift' }),
  );
  expect(again.status).toBe('reached');
  expect(say()).toBe('hello');
  const second = live()?.pid ?? 0;
  expect(second).not.toBe(first);
  kernel.sh('ip netns del red && ip netns add red');
  expect(live()?.place).toBe('elsewhere');
  kernel.sh('ip netns del red');
  expect(await apply({})).toMatchObject({ status: 'reached' });
  expect(existsSync(`/proc/${second}`)).toBe(false);
  expect(kernel.sh(`ip netns identify ${live()?.pid}`)).toBe('red');
});

test('other bytes of a file that it reads start it again, or are read again where the program can', async () => {
  await apply({});
  const first = live()?.pid;
  await apply({ content: 'good morning' });
  expect(say()).toBe('good morning');
  expect(live()?.pid).not.toBe(first);
  const processes = [echo({ reload: 'HUP' })];
  await apply({ content: 'good morning', processes });
  const second = live()?.pid;
  expect(await apply({ content: 'good night', processes })).toMatchObject({ status: 'reached', failures: [] });
  expect(say()).toBe('good night');
  expect(live()?.pid).toBe(second);
  // A file that was changed by hand gets its bytes back.
  kernel.sh(`echo other >${CONFIG}; chmod 644 ${FOLDER}/key`);
  expect(await apply({ content: 'good night', processes })).toMatchObject({ status: 'reached' });
  expect(readFileSync(CONFIG, 'utf8')).toBe('good night');
  expect(kernel.sh(`stat -c %a ${FOLDER}/key`)).toBe('600');
});

test('a start that fails is rolled back to the former command with its former files, and says why', async () => {
  await apply({ secret: 'former key' });
  const failed = await apply({ content: 'broken', secret: 'other key' });
  expect(failed).toMatchObject({ status: 'failed', rollback: { status: 'reached' } });
  expect(failed.failures[0]?.message).toContain(`echo ended at once: no word in ${CONFIG}`);
  expect(say()).toBe('hello');
  expect(readFileSync(`${FOLDER}/key`, 'utf8')).toBe('former key');
  const late = await apply({
    processes: [echo(), echo({ name: 'second', command: ['no-such-program'], ready: { by: 'running' }, folder: null })],
  });
  expect(late).toMatchObject({ status: 'failed', rollback: { status: 'reached' } });
  expect(late.failures[0]?.message).toMatch(/second ended at once: .*no-such-program: not found/);
  expect(live('second')).toBe(null);
  expect(say()).toBe('hello');
});

test('one starts after another, sees folders of its own, and nothing secret is in its record or in an instruction', async () => {
  const second = echo({
    name: 'second',
    command: ['sh', '-c', `test -S ${SOCKET} || exit 9; echo there >/run/private-of-second/file; exec sleep 1000`],
    reads: [`${FOLDER}/key`],
    prepare: [],
    folder: null,
    privateFolders: { '/run/private-of-second': `${FOLDER}/private` },
    ready: { by: 'running' },
    after: ['process:red/echo'],
  });
  const wanted = { processes: [second, echo()], secret: 'word of honour' };
  expect(await apply(wanted)).toMatchObject({ status: 'reached', failures: [] });
  expect(readFileSync(`${FOLDER}/private/file`, 'utf8')).toBe('there\n');
  expect(existsSync('/run/private-of-second/file')).toBe(false);
  expect(kernel.sh(`grep -rl 'word of honour' ${processFolder('demo', 'red', 'second')} || true`)).toBe('');
  expect(JSON.stringify(state)).not.toContain('honour');
  await apply(null);
  expect(existsSync('/run/private-of-second')).toBe(false);
});
