import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject } from '../../model/json.ts';
import { type ProcessDescription, processFolder } from '../../model/kernel/lab-process.ts';
import { sysError } from '../errno.ts';
import { inNetns } from '../netns/netns.ts';
import type { NetnsSession } from '../netns/sessions.ts';
import { type GatedChild, spawnGatedProgram } from './gate.ts';
import { type MountBase, withPrivateMounts } from './private-mounts.ts';
import type { ProcessKey } from './process-record.ts';
import { LOG_PARTS, PROGRAM_FILES, serviceScripts, type TermedDescription } from './program-script.ts';

/** Where a process runs, and the bytes of digests (one character for each): values of its environment that are not shown. */
export type DaemonPlace = {
  readonly session: NetnsSession;
  readonly bytesOf: (sha: string) => string | null;
};

/** Whether a description is of a program of the user's. */
export const isTermed = (description: object): description is TermedDescription =>
  'terms' in description && isJsonObject(description.terms);

/**
 * Starts the script of a program of the user's, in mounts and with a /tmp of its own. It waits for a word first. `mountBase`: what
 * the mounts of one begin with that cannot enter namespaces.
 */
export function spawnProgram(
  key: ProcessKey,
  description: TermedDescription,
  { session, bytesOf, mountBase }: DaemonPlace & { readonly mountBase: () => MountBase },
): GatedChild {
  const { netns, terms } = description;
  const folder = processFolder(key.lab, key.netns, key.name);
  for (const part of LOG_PARTS) rmSync(join(folder, part), { force: true });
  if (terms.restart !== 'never') writeService(folder, description);
  const program = { folder, environment: fullEnvironment(description, bytesOf) };
  const start = () => spawnGatedProgram(description, program);
  const base = netns === 'host' || terms.capabilities.includes('sys_admin') ? null : mountBase();
  return inNetns(session.fd, () => withPrivateMounts({ netns, ownTmp: true, base }, start));
}

/** The environment of a program, with the values that are not shown. Throws ENODATA when one is in no store any more. */
export function fullEnvironment(
  { environment, terms }: ProcessDescription,
  bytesOf: DaemonPlace['bytesOf'],
): ProcessDescription['environment'] {
  const secrets = Object.entries(terms?.secrets ?? {});
  return {
    ...environment,
    ...Object.fromEntries(secrets.map(([name, sha]) => [name, secretValue(name, bytesOf(sha))])),
  };
}

/** Bytes are one character each. */
function secretValue(name: string, bytes: string | null): string {
  if (bytes === null) throw sysError('ENODATA', `the value of ${name} is in no store any more`);
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The folder of a service of runsv(8), which takes what is there for itself. */
function writeService(folder: string, description: TermedDescription): void {
  const service = join(folder, PROGRAM_FILES.service);
  mkdirSync(service, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(serviceScripts(description, folder)))
    writeFileSync(join(service, name), text, { mode: 0o700 });
}
