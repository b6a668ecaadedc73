import { execInNetns } from '../../../kernel/process/exec-in-netns.ts';
import { EXIT, netformError } from '../../../model/error.ts';
import { entryPath } from '../../assets.ts';
import { requireRoot } from '../orders.ts';
import { type ReconcileFile, readReconcileFile } from '../settings-file.ts';

type ResidentOptions = { readonly lockTimeoutMs: number; readonly format: 'text' | 'json' };

/**
 * Goes on as the program that makes one run after the other: the same process, without all that only runs need. Comes back only
 * to throw: E_PERMISSION, E_UNSAFE_FILE, or what execvp(3) says.
 */
export function becomeResident({ name, file }: ReconcileFile, { lockTimeoutMs, format }: ResidentOptions): never {
  requireRoot();
  readReconcileFile({ name, file });
  const script = [...process.execArgv, entryPath('resident')];
  const argv = [process.execPath, ...script, name, file, String(lockTimeoutMs), format] as const;
  const problem = execInNetns({ netns: 'host', argv });
  throw netformError('E_NO_PROGRAM', EXIT.internal, `${process.execPath} cannot be run: ${problem}`, {});
}
