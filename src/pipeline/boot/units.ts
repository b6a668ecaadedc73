import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemctl } from '../../kernel/process/units/systemctl.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { assetPath, assetText } from '../assets.ts';

/** The units of systemd: one for all interrupted runs, and a template of one per lab. */
const UNITS = ['netform-recover.service', 'netform@.service'] as const;
/** Where packages of the distribution put units, and where those of this machine's administrator are. */
const PACKAGED = ['/usr/lib/systemd/system', '/lib/systemd/system'];
const LOCAL = '/etc/systemd/system';
const INSTALLED = '/usr/bin/netform';
const WRITTEN = '# Written by "netform enable", removed by "netform disable".\n';

/** The name of the unit of a lab. */
export const labUnit = (lab: string): string => `netform@${lab}.service`;

/** A unit file that `enable` writes: a package of netform brings its own. */
export type UnitFile = { readonly path: string; readonly text: string };

/** The unit files that are missing, or that an older netform wrote. */
export const missingUnits = (): readonly UnitFile[] =>
  UNITS.filter((name) => !PACKAGED.some((folder) => existsSync(join(folder, name))))
    .map((name) => ({ path: join(LOCAL, name), text: unitText(name) }))
    .filter(({ path, text }) => readText(path) !== text);

/** The template, with the program that runs now in the place of the installed one. */
const unitText = (name: string): string =>
  WRITTEN + assetText(`templates/systemd/${name}`).replaceAll(INSTALLED, programCommand());

/** How this program is started: by its name where that is it, else by Node. */
export function programCommand(): string {
  const script = assetPath('bin/run.js');
  if (existsSync(INSTALLED) && realpathSync(INSTALLED) === realpathSync(script)) return INSTALLED;
  return [process.execPath, script].map(unitWord).join(' ');
}

/** A word of a command line in a unit file (systemd.service(5), "Command lines"). */
const unitWord = (word: string): string => {
  const escaped = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /[\s"'\\;]/.test(escaped) ? `"${escaped.replace(/["\\]/g, '\\$&')}"` : escaped;
};

/** Writes unit files, and has systemd start a lab at boot. Throws E_FOREIGN_UNIT for a file that `enable` did not write. */
export function enableUnits(lab: string, files: readonly UnitFile[]): void {
  const foreign = files.find(({ path }) => existsSync(path) && !isWritten(path));
  if (foreign)
    throw netformError(
      'E_FOREIGN_UNIT',
      EXIT.foreign,
      `${foreign.path} is there already, and "netform enable" did not write it`,
      {
        hint: 'look at it, and remove it; nothing was changed',
      },
    );
  mkdirSync(LOCAL, { recursive: true });
  for (const { path, text } of files) writeFileSync(path, text, { mode: 0o644 });
  if (files.length > 0) mustSystemctl('daemon-reload');
  mustSystemctl('enable', UNITS[0], labUnit(lab));
}

/** Has systemd no longer start a lab. `last`: no other one is left, so the unit files that `enable` wrote go, too. */
export function disableUnits(lab: string, last: boolean): void {
  if (hasUnit(UNITS[1])) {
    mustSystemctl('disable', labUnit(lab));
    // It only remembers that it has run: nothing of the lab ends with it.
    systemctl('stop', labUnit(lab));
    systemctl('reset-failed', labUnit(lab));
  }
  if (!last) return;
  if (hasUnit(UNITS[0])) mustSystemctl('disable', UNITS[0]);
  const written = UNITS.map((name) => join(LOCAL, name)).filter(isWritten);
  for (const path of written) rmSync(path);
  if (written.length > 0) mustSystemctl('daemon-reload');
}

const hasUnit = (name: string): boolean => [LOCAL, ...PACKAGED].some((folder) => existsSync(join(folder, name)));

const isWritten = (path: string): boolean => readText(path)?.startsWith(WRITTEN) ?? false;

const readText = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null);

function mustSystemctl(...args: readonly string[]): void {
  const result = systemctl('--quiet', ...args);
  if (result?.exitCode === 0) return;
  throw netformError('E_SYSTEMD', EXIT.internal, `systemctl ${args.join(' ')} failed`, {
    details: (result?.stderr ?? 'systemctl is not installed').split('\n').slice(0, 5),
  });
}
