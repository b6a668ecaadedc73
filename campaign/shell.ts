import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { takeSnapshot } from '../test/support/snapshot/index.ts';

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

/**
 * Without what the kernel makes by itself, and keeps, of a link that was up or had a carrier once: its link-local address
 * and routes, its queue, and whether a link that is down again keeps the local route of its IPv6 address.
 */
const stableText = (text: string): string =>
  text
    .replace(/^.*"family":"inet6","local":"fe80:.*"scope":"253".*\n/gm, '')
    .replace(/^\{"type":"\d","dst":"(?:fe80|ff00):.*"protocol":"2".*\n/gm, '')
    .replace(/^\{"type":"[24]","dst":"[^"]*:.*"table":"255","protocol":"2".*\n/gm, '')
    .replace(/"qdisc":"no(?:op|queue)",/g, '')
    .split(/^(?=== )/m)
    .map((section) => (section.startsWith('== machine') ? section : section.split('\n').sort().join('\n')))
    .join('');
