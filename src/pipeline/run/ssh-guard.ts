import { findSshCut, type SshCut, type SshSession, sshCutText } from '../../checks/machine/cuts-ssh.ts';
import type { GoalPlan } from '../../engine/plan/plan.ts';
import { findSshSession } from '../../kernel/process/ssh-session.ts';
import type { Diagnostic } from '../../model/diagnostics/diagnostic.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { type Operation, operationsOf } from '../../model/operation.ts';

/** The SSH session that netform runs in, the operations of a plan that could cut it, and how grave that is. */
export type SshGuard = SshSession & {
  readonly operations: readonly Operation[];
  readonly severity: Diagnostic['severity'];
};

/** Guards the SSH session that netform runs in against a plan; null when there is no session. */
export function guardSsh({ plan }: GoalPlan, severity: Diagnostic['severity']): SshGuard | null {
  const session = findSshSession();
  return session && { ...session, operations: operationsOf(plan), severity };
}

/** Whether a plan would cut the SSH session that netform runs in. */
export const cutsSshSession = (planned: GoalPlan): boolean => findSessionCut(planned) !== null;

/** Throws E_CUTS_SSH when a plan would cut the SSH session that netform runs in. */
export function refuseSshCut(planned: GoalPlan): void {
  const cut = findSessionCut(planned);
  if (cut === null) return;
  throw netformError('E_CUTS_SSH', EXIT.topology, sshCutText(cut), {
    hint: 'run it with --confirm 60s: it is rolled back unless netform confirm comes in time; nothing was changed',
  });
}

function findSessionCut({ plan, live }: GoalPlan): SshCut | null {
  const session = findSshSession();
  const host = session && live.get({ need: 'namespace', netns: 'host' });
  return session && host ? findSshCut(operationsOf(plan), host, session) : null;
}
