import { spawnSync } from 'node:child_process';
import { PROGRAM_PATH } from '../../../model/kernel/program-path.ts';
import { setCloseOnExec } from '../../libc.ts';

/** A unit, and when it was started first: microseconds since 1970. */
export type UnitOutputScope = { readonly name: string; readonly begun: number };

/** What a unit has written, and the place in the journal behind it; null: nothing so far. */
export type UnitOutput = { readonly text: string; readonly cursor: string | null };

const TIMEOUT_MS = 20_000;
const MAX_OUTPUT_BYTES = 1 << 26;
const CURSOR = '-- cursor: ';

/** Reads what a unit has written since it was started, or since a place in the journal. */
export function readUnitOutput({ name, begun }: UnitOutputScope, cursor: string | null): UnitOutput {
  const since = cursor === null ? `--since=@${(begun / 1e6).toFixed(6)}` : `--after-cursor=${cursor}`;
  const out = journalctl(['--output=cat', '--show-cursor', since, `_SYSTEMD_UNIT=${name}`]);
  const at = out.startsWith(CURSOR) ? 0 : out.lastIndexOf(`\n${CURSOR}`) + 1;
  const isFound = out.startsWith(CURSOR, at);
  return isFound ? { text: out.slice(0, at), cursor: out.slice(at + CURSOR.length).trim() } : { text: out, cursor };
}

/** Waits until all that has been written is in the journal. */
export const awaitUnitOutput = (): void => void journalctl(['--sync']);

function journalctl(args: readonly string[]): string {
  setCloseOnExec();
  const env = { PATH: PROGRAM_PATH, LC_ALL: 'C' };
  const { stdout } = spawnSync('journalctl', ['--quiet', '--no-pager', ...args], {
    cwd: '/',
    env,
    timeout: TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
    encoding: 'utf8',
  });
  return stdout ?? '';
}
