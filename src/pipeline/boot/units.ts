import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemctl } from '../../kernel/process/units/systemctl.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { assetPath, assetText } from '../assets.ts';

/** The unit for all interrupted runs. */
const RECOVER = 'netform-recover.service';
/** What a template of units is for: labs that come back at boot, reconciles under a timer, and resident ones. */
export type UnitPurpose = 'lab' | 'reconcile' | 'watch';
/** The templates of each; that which is enabled is the last. */
const TEMPLATES = {
  lab: ['netform@.service'],
  reconcile: ['netform-reconcile@.service', 'netform-reconcile@.timer'],
  watch: ['netform-watch@.service'],
} as const;
const PURPOSES = ['lab', 'reconcile', 'watch'] as const;
/** Where packages of the distribution put units, and where those of this machine's administrator are. */
const PACKAGED = ['/usr/lib/systemd/system', '/lib/systemd/system'];
const LOCAL = '/etc/systemd/system';
const INSTALLED = '/usr/bin/netform';
const WRITTEN = '# Written by "netform enable", removed by "netform disable".\n';

/** The units of a lab or a reconcile; that which is enabled is the last. */
const instancesOf = (purpose: UnitPurpose, name: string): readonly string[] =>
  TEMPLATES[purpose].map((template) => template.replace('@', `@${name}`));

/** A unit file that `enable` writes: a package of netform brings its own. */
export type UnitFile = { readonly path: string; readonly text: string };

/** The unit files that are missing, or that an older netform wrote. */
export const missingUnits = (purpose: UnitPurpose): readonly UnitFile[] =>
  [RECOVER, ...TEMPLATES[purpose]]
    .filter((name) => !PACKAGED.some((folder) => existsSync(join(folder, name))))
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

/** What is started by systemd, and since when: at the next boot, or now, too. */
export type UnitStart = { readonly purpose: UnitPurpose; readonly name: string; readonly since: 'boot' | 'now' };

/** Writes unit files, and has systemd start a lab or a reconcile. Throws E_FOREIGN_UNIT for a file that `enable` did not write. */
export function enableUnits({ purpose, name, since }: UnitStart, files: readonly UnitFile[]): void {
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
  const unit = instancesOf(purpose, name).at(-1) ?? '';
  mustSystemctl('enable', RECOVER, unit);
  // Its first run may wait for the lock that is held here.
  if (since === 'now') mustSystemctl('--no-block', 'start', unit);
}

/** Has systemd no longer start a lab or a reconcile. With the last one the unit files that `enable` wrote go, too. */
export function disableUnits(purpose: UnitPurpose, name: string): void {
  const units = instancesOf(purpose, name);
  if (TEMPLATES[purpose].every(hasUnit)) {
    mustSystemctl('disable', units.at(-1) ?? '');
    // The service of a lab only remembers that it has run: nothing of the lab ends with it. A run of reconcile ends by itself.
    systemctl('stop', units.at(-1) ?? '');
    for (const unit of units) systemctl('reset-failed', unit);
  }
  if (enabledUnits(purpose).length > 0) return;
  const isLast = PURPOSES.every((one) => enabledUnits(one).length === 0);
  if (isLast && hasUnit(RECOVER)) mustSystemctl('disable', RECOVER);
  const names = [...TEMPLATES[purpose], ...(isLast ? [RECOVER] : [])];
  const written = names.map((one) => join(LOCAL, one)).filter(isWritten);
  for (const path of written) rmSync(path);
  if (written.length > 0) mustSystemctl('daemon-reload');
}

/** The labs, or reconciles, that systemd starts, sorted: `systemctl enable` makes a link for each. */
export function enabledUnits(purpose: UnitPurpose): readonly string[] {
  const [before, after] = (TEMPLATES[purpose].at(-1) ?? '').split('@');
  return ['multi-user.target.wants', 'timers.target.wants']
    .map((folder) => join(LOCAL, folder))
    .flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []))
    .filter((link) => link.startsWith(`${before}@`) && link.endsWith(after ?? ''))
    .map((link) => link.slice((before?.length ?? 0) + 1, -(after?.length ?? 0)))
    .toSorted();
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
