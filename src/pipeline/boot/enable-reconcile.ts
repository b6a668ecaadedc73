import { isSystemdRunning } from '../../kernel/process/units/systemctl.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { withLockedMachine } from '../host-session.ts';
import {
  findReconcileFile,
  RECONCILE_FOLDER,
  type ReconcileFile,
  readReconcileFile,
} from '../reconcile/settings-file.ts';
import type { Session } from '../session.ts';
import { disableUnits, enabledUnits, enableUnits, missingUnits, programCommand, type UnitPurpose } from './units.ts';

/** What `enable --reconcile` would do, for the person who agrees to it. */
export type ReconcileProposal = ReconcileFile & {
  /** Paths of unit files that are written. */
  readonly units: readonly string[];
  /** What a machine without systemd has to call again and again; null: systemd does it. */
  readonly call: string | null;
};

type ReconcileUnits = Exclude<UnitPurpose, 'lab'>;

type EnableReconcileOptions = {
  readonly agree: (proposal: ReconcileProposal) => Promise<boolean>;
  readonly since: 'boot' | 'now';
  /** A run each minute, or a program that sleeps until something changes. */
  readonly how: ReconcileUnits;
  readonly lockTimeoutMs: number;
};

/** Has systemd run a reconcile of this machine. Throws E_NO_FILE, E_RECONCILE_FILE, E_SYSTEMD. */
export const enableReconcile = (
  session: Session,
  name: string,
  { agree, since, how, lockTimeoutMs }: EnableReconcileOptions,
): Promise<ReconcileProposal & { readonly status: 'done' | 'declined' }> =>
  withLockedMachine(session, { command: `enable --reconcile ${name}`, timeoutMs: lockTimeoutMs }, async () => {
    const file = findReconcileFile(name);
    if (!file.file.startsWith(`${RECONCILE_FOLDER}/`))
      throw netformError('E_NO_FILE', EXIT.usage, `${file.file} is not in ${RECONCILE_FOLDER}`, {
        hint: 'the timer knows the name only: put the file there',
      });
    const { settings } = readReconcileFile(file);
    if (settings === null)
      throw netformError('E_RECONCILE_FILE', EXIT.topology, `${file.file} has mistakes`, {
        hint: `netform reconcile ${file.name} shows them; nothing was changed`,
      });
    const units = isSystemdRunning() ? missingUnits(how) : [];
    const call = isSystemdRunning()
      ? null
      : `${programCommand()} reconcile ${file.name}${how === 'watch' ? ' --watch' : ''}`;
    const proposal = { ...file, units: units.map(({ path }) => path), call };
    if (!(await agree(proposal))) return { ...proposal, status: 'declined' };
    if (isSystemdRunning()) {
      const other = how === 'watch' ? 'reconcile' : 'watch';
      enableUnits({ purpose: how, name: file.name, since }, units);
      if (enabledUnits(other).includes(file.name)) disableUnits(other, file.name);
    }
    return { ...proposal, status: 'done' };
  });

const WAYS = ['reconcile', 'watch'] as const;

/** Has no unit run a reconcile any more; its labs stay as they are. False: none did. */
export const disableReconcile = (session: Session, name: string, lockTimeoutMs: number) =>
  withLockedMachine(session, { command: `disable --reconcile ${name}`, timeoutMs: lockTimeoutMs }, () => {
    if (!isSystemdRunning()) return { name, wasEnabled: false };
    const enabled = WAYS.filter((how) => enabledUnits(how).includes(name));
    for (const how of WAYS) disableUnits(how, name);
    return { name, wasEnabled: enabled.length > 0 };
  });
