import { importLive } from '../../import/live.ts';
import type { ImportResult } from '../../import/result.ts';
import { hostNetnsFd, netnsNames } from '../../kernel/netns/netns.ts';
import { runInSandbox, runSandboxScript, type SandboxScriptResult } from '../../kernel/process/sandbox/sandbox.ts';
import { readImportFacts } from '../../kernel/read/import-facts.ts';
import { readNetSysctls } from '../../kernel/sysctl/non-default.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { linkKinds } from '../../registry/kinds.ts';
import { entryPath } from '../assets.ts';
import { readInputFile } from '../topology/read-file.ts';

/** What a script built, and how it ended. */
export type ScriptImport = { readonly imported: ImportResult; readonly end: SandboxScriptResult };

/** The throwaway machine may take so long to start, and to be read, besides the time of the script. */
const SANDBOX_SETUP_MS = 20_000;

/** Runs a script in a throwaway machine and imports what it built there. Throws E_SCRIPT when that machine cannot start. */
export function importScriptInSandbox(
  text: string,
  { name, seconds }: { readonly name: string; readonly seconds: number },
): ScriptImport {
  const argv = [...process.execArgv, SANDBOX_READER, name, String(seconds)];
  try {
    return JSON.parse(runInSandbox(argv, { input: text, timeoutMs: seconds * 1000 + SANDBOX_SETUP_MS }));
  } catch (error) {
    const details = String(error instanceof Error ? error.message : error)
      .split('\n')
      .slice(-5);
    throw netformError('E_SCRIPT', EXIT.internal, 'cannot start the throwaway machine for the script', {
      details,
      hint: 'it needs unshare and setpriv (util-linux), mount and ip; nothing outside of it was changed',
    });
  }
}

const SANDBOX_READER = entryPath('sandbox-reader');

/** Runs the script on standard input in this process's sandbox, and imports what it built. */
export function runSandboxReader(name: string, seconds: number): ScriptImport {
  hostNetnsFd();
  const text = readInputFile('-').bytes.toString();
  const before = readNetSysctls();
  const end = runSandboxScript(text, seconds * 1000);
  const inventory = readImportFacts(netnsNames().toSorted(byFirstMention(text)), { before, linkKinds });
  return { imported: importLive(inventory, { name, host: 'whole', ports: 'own', purpose: 'copy' }, linkKinds), end };
}

/** Orders names as the script mentions them; names that it does not spell out, as in a loop, come last, in numeric order. */
function byFirstMention(script: string): (a: string, b: string) => number {
  const text = script.replace(/^\s*#.*$/gm, '');
  const firstMention = (name: string): number => {
    const found = new RegExp(`(?<![\\w.-])${name.replace(/[.]/g, '\\.')}(?![\\w.-])`).exec(text);
    return found?.index ?? text.length;
  };
  return (a, b) => firstMention(a) - firstMention(b) || a.localeCompare(b, 'en', { numeric: true });
}
