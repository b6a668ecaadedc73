import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync } from 'node:fs';
import type { ProcessReady } from '../../model/kernel/lab-process.ts';
import { PROGRAM_PATH } from '../../model/kernel/program-path.ts';
import { catchErrno } from '../errno.ts';
import { closeFd, setCloseOnExec } from '../libc.ts';
import { readLinkIndex } from '../netns/link-index.ts';
import { inNetns } from '../netns/netns.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { isOvsApplied } from '../ovsdb/applied.ts';
import { askDns } from '../packets/ask-dns.ts';
import { readListeningSockets } from '../read/listening-sockets.ts';
import { sleep } from '../sleep.ts';
import { askUnix, connectUnix } from '../unix-socket.ts';

/** Where a process runs, and its number. */
export type ReadyPlace = { readonly session: NetnsSession; readonly pid: number };

/** Whether a process is as far as it has to be to count as started. */
export function isProcessReady(ready: ProcessReady, { session, pid }: ReadyPlace): boolean {
  switch (ready.by) {
    case 'running':
      return true;
    case 'socket':
      return acceptsConnection(ready.path);
    case 'switch':
      return acceptsConnection(ready.path) && isOvsApplied(ready.database);
    case 'link':
      return readLinkIndex(session.socket, ready.name) !== null;
    case 'port':
      return inNetns(session.fd, readListeningSockets).some(
        ({ protocol, port }) => protocol === ready.protocol && port === ready.port,
      );
    case 'file':
      return existsSync(`/proc/${pid}/root${ready.path}`);
    case 'command':
      return endsWell(ready.command, pid);
    case 'sign':
      return signState(ready, READY_PATIENCE) === 'running';
    case 'answers':
      return inNetns(session.fd, () => dnsState(ready, READY_PATIENCE)) === 'running';
  }
}

const COMMAND_TIMEOUT_MS = 5000;

/** Runs a command where a process runs (nsenter(1)). */
function endsWell(command: readonly string[], pid: number): boolean {
  const args = [`--target=${pid}`, '--mount', '--net', '--', ...command];
  setCloseOnExec();
  const env = { PATH: PROGRAM_PATH, LC_ALL: 'C' };
  return spawnSync('nsenter', args, { cwd: '/', env, stdio: 'ignore', timeout: COMMAND_TIMEOUT_MS }).status === 0;
}

type DnsReady = Extract<ProcessReady, { by: 'answers' }>;
type Patience = { readonly tries: number; readonly ms: number };

/** While a server starts, it is asked again and again anyhow. */
const READY_PATIENCE: Patience = { tries: 1, ms: 200 };
/** One that runs may be busy, or about to make way. */
const LIVE_PATIENCE: Patience = { tries: 3, ms: 500 };
const SIGN_PAUSE_MS = 20;

/** What a process that runs is found to be: a DNS server and a proxy are asked what they have read. */
export const liveProcessState = (
  ready: ProcessReady | undefined,
  session: NetnsSession,
): 'running' | 'silent' | 'misread' => {
  if (ready?.by === 'sign') return signState(ready, LIVE_PATIENCE);
  return ready?.by === 'answers' ? inNetns(session.fd, () => dnsState(ready, LIVE_PATIENCE)) : 'running';
};

/**
 * Waits until a program that reads its files again has handed over: for a moment its former workers take connections, too
 * (100 ms in `ngx_reconfigure` of nginx). The right answer so often in a row says that they do not any more.
 */
export function awaitHandOver(ready: ProcessReady): void {
  if (ready.by !== 'sign') return;
  const until = Date.now() + HAND_OVER_TIMEOUT_MS;
  for (let row = 0; row < HAND_OVER_ANSWERS && Date.now() < until; ) {
    row = signState(ready, READY_PATIENCE) === 'running' ? row + 1 : 0;
    sleep(SIGN_PAUSE_MS);
  }
}

const HAND_OVER_ANSWERS = 10;
const HAND_OVER_TIMEOUT_MS = 2000;

/**
 * One that has just made way for another refuses: it is asked again. Another answer may be that of a worker that is about to
 * end: it has to give it each time.
 */
function signState(
  { path, ask, answer }: Extract<ProcessReady, { by: 'sign' }>,
  { tries, ms }: Patience,
): 'running' | 'silent' | 'misread' {
  let state: 'silent' | 'misread' = 'silent';
  for (let left = tries; left > 0; left--) {
    const found = askUnix(path, ask, ms);
    if (found?.includes(answer)) return 'running';
    if (found !== null) state = 'misread';
    if (left > 1) sleep(SIGN_PAUSE_MS);
  }
  return state;
}

function dnsState({ address, answers }: DnsReady, { tries, ms }: Patience): 'running' | 'silent' | 'misread' {
  for (const { answer, ...question } of answers) {
    let found: readonly string[] | null = null;
    for (let left = tries; left > 0 && found === null; left--) found = askDns(address, question, ms);
    if (found === null) return 'silent';
    if (!found.includes(answer)) return 'misread';
  }
  return 'running';
}

function acceptsConnection(path: string): boolean {
  const isSocket = catchErrno(['ENOENT', 'ENOTDIR'], () => lstatSync(path).isSocket()) ?? false;
  if (!isSocket) return false;
  const fd = catchErrno(['ENOENT', 'ECONNREFUSED', 'EAGAIN'], () => connectUnix(path));
  if (fd === null) return false;
  closeFd(fd);
  return true;
}

/** How many lines of a process's output an error has. */
const MOST_LINES = 5;

/** The last lines of a process's output, for an error. */
export function lastLines(text: string): readonly string[] {
  return text.trimEnd().split('\n').slice(-MOST_LINES).filter(Boolean);
}
