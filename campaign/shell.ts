import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { takeSnapshot } from '../test/support/snapshot/index.ts';
import { stableText } from '../test/support/snapshot/stable-text.ts';

const run = promisify(execFile);
const MOST_BYTES = 256 << 20;

/** What a script of sh prints, in this machine. Throws, with its error output, unless it exits 0. */
export async function sh(script: string): Promise<string> {
  const { stdout } = await run('sh', ['-c', script], { encoding: 'utf8', maxBuffer: MOST_BYTES });
  return stdout;
}

/** The same without waiting for anything else, for use between two steps; its failure is no matter. */
export const shSync = (script: string): string =>
  spawnSync('sh', ['-c', script], { encoding: 'utf8', maxBuffer: MOST_BYTES }).stdout;

/** All of this machine's network, and the files that netform writes. */
export const snapshot = (): Promise<string> => takeSnapshot(sh);

/** The same, of a lab that has a history. */
export const stableSnapshot = async (): Promise<string> => stableText(await snapshot());
