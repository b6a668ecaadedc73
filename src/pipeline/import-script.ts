import type { Imported } from '../import/imported.ts';
import { importLive } from '../import/live.ts';
import { takeInventory } from '../kernel/inventory.ts';
import { homeFd, netnsNames } from '../kernel/netns.ts';
import { readSettings } from '../kernel/settings.ts';
import { inThrowaway, runScript, type ScriptEnd } from '../kernel/throwaway.ts';
import { EXIT, netformError } from '../model/error.ts';
import { readInput } from './input.ts';
import { programPath } from './shipped.ts';

export type ScriptRead = { readonly imported: Imported; readonly end: ScriptEnd };

const SETUP_MS = 20_000;

/** Runs a script in a throwaway machine and gives what it has built there. Throws E_SCRIPT when that machine cannot be made. */
export function importScript(
  text: string,
  { name, seconds }: { readonly name: string; readonly seconds: number },
): ScriptRead {
  const argv = [...process.execArgv, IMPORTER, name, String(seconds)];
  try {
    return JSON.parse(inThrowaway(argv, { input: text, timeoutMs: seconds * 1000 + SETUP_MS }));
  } catch (error) {
    const details = String(error instanceof Error ? error.message : error)
      .split('\n')
      .slice(-5);
    throw netformError('E_SCRIPT', EXIT.internal, 'the throwaway machine for the script cannot be made', {
      details,
      hint: 'it needs unshare and setpriv (util-linux), mount and ip; nothing outside of it was touched',
    });
  }
}

const IMPORTER = programPath('importer');

/** The same, inside that machine; the script is on standard input. */
export function readScript(name: string, seconds: number): ScriptRead {
  homeFd();
  const text = readInput('-').bytes.toString();
  const before = readSettings();
  const end = runScript(text, seconds * 1000);
  const inventory = takeInventory(netnsNames().toSorted(byPlaceIn(text)), before);
  return { imported: importLive(inventory, { name, host: 'whole', ports: 'own' }), end };
}

/** In the order in which the script speaks of them; what a loop makes by number comes after that, by number. */
function byPlaceIn(script: string): (a: string, b: string) => number {
  const text = script.replace(/^\s*#.*$/gm, '');
  const placeOf = (name: string): number => {
    const found = new RegExp(`(?<![\\w.-])${name.replace(/[.]/g, '\\.')}(?![\\w.-])`).exec(text);
    return found?.index ?? text.length;
  };
  return (a, b) => placeOf(a) - placeOf(b) || a.localeCompare(b, 'en', { numeric: true });
}
