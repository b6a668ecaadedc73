import { EXIT, netformError } from '../../model/error.ts';
import { isInteractive, promptYesNo } from './prompt.ts';

type Proposal = {
  readonly lab: string;
  readonly file: string | null;
  readonly units: readonly string[];
  readonly call: string | null;
};

/** Shows what is written, and asks. Throws E_NOT_CONFIRMED without a terminal. */
export function agreeToEnable(proposal: Proposal): Promise<boolean> {
  if (proposal.units.length === 0) return Promise.resolve(true);
  process.stdout.write(proposal.units.map((path) => `  + file   ${path}\n`).join(''));
  if (isInteractive()) return promptYesNo(`Have ${proposal.lab} come back at boot?`);
  throw netformError('E_NOT_CONFIRMED', EXIT.usage, 'refusing to write unit files: no terminal to confirm on', {
    hint: 'run it again with --yes; nothing was changed',
  });
}

/** What comes back at boot, and how. */
export function enableText({ lab, file, call }: Proposal, status: 'done' | 'declined' | 'refused'): string {
  if (status !== 'done') return 'Nothing was changed.\n';
  const from = file === null ? 'as it was applied last' : `from ${file}`;
  if (call === null) return `${lab} comes back at boot, ${from}. netform disable ${lab} undoes that.\n`;
  return `systemd does not run on this machine. ${lab} comes back, ${from}, when its init calls, once the network is up:\n  ${call}\n`;
}

type EnabledReconcile = { readonly name: string; readonly call: string | null; readonly status: 'done' | 'declined' };

/** What runs again and again, and how. */
export function enabledReconcileText({ name, call, status }: EnabledReconcile, isResident: boolean): string {
  if (status !== 'done') return 'Nothing was changed.\n';
  const when = isResident ? 'is at work from boot on' : 'runs at boot, and a minute after each run';
  if (call === null) return `netform reconcile ${name} ${when}. netform disable --reconcile ${name} undoes that.\n`;
  if (isResident) return `systemd does not run on this machine. Have its init keep this at work:\n  ${call}\n`;
  return `systemd does not run on this machine. Have cron, or its init, call again and again:\n  ${call}\n`;
}
