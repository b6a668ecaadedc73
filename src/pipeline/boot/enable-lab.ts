import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isSystemdRunning } from '../../kernel/process/units/systemctl.ts';
import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import { EXIT, netformError } from '../../model/error.ts';
import {
  type EnabledLab,
  listEnabledLabs,
  readEnabledLab,
  removeEnabledLab,
  writeEnabledLab,
} from '../../store/enabled-labs.ts';
import { readState } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import { withLockedMachine } from '../host-session.ts';
import { isValidTopology } from '../planning/compare.ts';
import { resolveLabName } from '../resolve/lab.ts';
import type { Session } from '../session.ts';
import { toTopologyDiagnostics } from '../topology/diagnostics.ts';
import { resolveRequest, type TopologyRequest } from '../topology/resolve.ts';
import { keepLastGood } from './keep-last-good.ts';
import { disableUnits, enableUnits, missingUnits, programCommand } from './units.ts';

/** What `enable` would do, for the person who agrees to it. */
export type EnableProposal = EnabledLab & {
  /** Paths of unit files that are written. */
  readonly units: readonly string[];
  /** What the init of this machine has to call at boot; null: systemd does it. */
  readonly call: string | null;
};

type EnableOptions = {
  readonly agree: (proposal: EnableProposal) => Promise<boolean>;
  readonly lockTimeoutMs: number;
};

/** How `enable` ended; of `refused` the findings say why. */
export type EnableResult = {
  readonly status: 'done' | 'declined' | 'refused';
  readonly proposal: EnableProposal | null;
  readonly findings: TopologyDiagnostics | null;
};

/** Has a lab, or the lab of a file, applied at each boot. Throws E_WHICH_LAB, E_SYSTEMD. */
export const enableLab = (session: Session, request: TopologyRequest, options: EnableOptions): Promise<EnableResult> =>
  withLockedMachine(
    session,
    { command: `enable ${request.file}`, timeoutMs: options.lockTimeoutMs },
    async (opened) => {
      const { store } = opened;
      const state = existsSync(request.file) ? null : readState(store, resolveLabName(store, request.file));
      const file = state === null ? request.file : state.file;
      const resolved = resolveRequest(
        opened,
        state === null || file !== null ? { ...request, file: file ?? '-' } : { ...request, text: state.topology },
      );
      if (!isValidTopology(resolved) || resolved.source.topology === null)
        return { status: 'refused', proposal: null, findings: toTopologyDiagnostics(resolved) };
      const one: EnabledLab = {
        lab: resolved.source.topology.name,
        file: file === null ? null : resolve(file),
        vars: request.vars,
        varFile: request.varFile === null ? null : resolve(request.varFile),
      };
      const units = isSystemdRunning() ? missingUnits('lab') : [];
      const call = isSystemdRunning() ? null : `${programCommand()} boot --all`;
      const proposal = { ...one, units: units.map(({ path }) => path), call };
      if (!(await options.agree(proposal))) return { status: 'declined', proposal, findings: null };
      writeEnabledLab(store, one);
      if (readState(store, one.lab) !== null) keepLastGood(opened, one.lab, resolved);
      if (isSystemdRunning()) enableUnits({ purpose: 'lab', name: one.lab, since: 'boot' }, units);
      return { status: 'done', proposal, findings: null };
    },
  );

/** Has a lab no longer applied at boot; the lab itself stays as it is. False: it was not enabled. */
export const disableLab = (session: Session, target: string | null, lockTimeoutMs: number) =>
  withLockedMachine(session, { command: `disable ${target ?? ''}`.trim(), timeoutMs: lockTimeoutMs }, ({ store }) => {
    const lab = enabledLabOf(store, target);
    const wasEnabled = readEnabledLab(store, lab) !== null;
    removeEnabledLab(store, lab);
    if (isSystemdRunning()) disableUnits('lab', lab);
    return { lab, wasEnabled };
  });

/** An enabled lab by its name, by its file, or the only one. */
function enabledLabOf(store: Store, target: string | null): string {
  const labs = listEnabledLabs(store);
  if (target !== null && labs.includes(target)) return target;
  const [only, ...others] = labs;
  if (target === null && only !== undefined && others.length === 0) return only;
  if (target !== null && existsSync(target)) return resolveLabName(store, target);
  const known = labs.length === 0 ? 'no lab is enabled' : `enabled are ${labs.join(', ')}`;
  if (target === null) throw netformError('E_WHICH_LAB', EXIT.usage, 'no lab given', { hint: known });
  if (readState(store, target) !== null) return target;
  throw netformError('E_WHICH_LAB', EXIT.usage, `there is no enabled lab and no file called ${target}`, {
    hint: known,
  });
}
