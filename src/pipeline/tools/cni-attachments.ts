import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import { EXIT, type NetformError, netformError } from '../../model/error.ts';
import type { Instruction } from '../../model/instruction.ts';
import {
  ATTACHED,
  type AttachmentDescription,
  type CniResult,
  HAND_UID,
  type KnownAttachment,
} from '../../model/lab-parts/attachment.ts';
import type { CniConfig } from '../../model/lab-parts/lab-attachment.ts';
import { attachmentNeed } from '../../registry/attachments.ts';
import { listJournals } from '../../store/journal.ts';
import { readOtherLabs } from '../../store/shared-resources.ts';
import type { Store } from '../../store/store.ts';
import { withLockedMachine, withMachine } from '../host-session.ts';
import { resolveLiveNamespace } from '../resolve/endpoint.ts';
import type { Session } from '../session.ts';
import { findConflist, lintConflists } from './cni-lint.ts';

/** An interface of a namespace, and the network that it is meant to be on. */
export type CniTarget = { readonly network: string; readonly netns: string; readonly dev: string };

/** NET and NAMESPACE[:INTERFACE] of a command line; the interface is eth0 where none is written. */
export function cniTarget(network: string, end: string): CniTarget {
  const colon = end.indexOf(':');
  return colon < 0
    ? { network, netns: end, dev: 'eth0' }
    : { network, netns: end.slice(0, colon), dev: end.slice(colon + 1) };
}

/** How an attachment by hand ended; `findings` with an error: the network cannot be used, and nothing was changed. */
export type CniAdded = { readonly findings: TopologyDiagnostics; readonly result: CniResult | null };

/**
 * Calls ADD of a network's plugins for a namespace that is there. Throws E_FOREIGN when it has a link of that name, E_CNI when
 * a plugin fails; then DEL was called.
 */
export const addAttachment = (session: Session, target: CniTarget, lockTimeoutMs: number): Promise<CniAdded> =>
  withLockedMachine(session, { command: 'cni add', timeoutMs: lockTimeoutMs }, (opened) => {
    const { network, netns, dev } = target;
    const { file, config } = findConflist(network);
    const [found] = lintConflists(opened, file).files;
    const findings = found && { ...found, diagnostics: found.diagnostics.map(asError) };
    if (!findings || findings.diagnostics.some(({ severity }) => severity === 'error') || config === null)
      return { findings: findings ?? noFindings(file), result: null };
    resolveContainer(opened.store, netns);
    const need = { need: 'namespace', netns } as const;
    if (opened.machine.read([need]).get(need)?.links.has(dev)) throw takenError(target);
    const attachment = describe(target, config);
    execute(
      opened,
      { do: 'attachment.add', netns, uid: HAND_UID, attachment },
      'DEL was called; nothing of it is left',
    );
    return { findings, result: lookAt(opened, HAND_UID, target)?.result ?? null };
  });

/** Without its plugins, or with a version that they do not support, nothing can be attached. */
const asError = (one: TopologyDiagnostics['diagnostics'][number]): TopologyDiagnostics['diagnostics'][number] =>
  one.check === 'cni-plugin-missing' || one.check === 'cni-plugin-version' || one.check === 'missing-package'
    ? { ...one, severity: 'error' }
    : one;

const noFindings = (file: string): TopologyDiagnostics => ({
  file,
  text: '',
  locate: () => ({ line: 1, column: 1, length: 0 }),
  diagnostics: [],
});

/** The namespace is one of this machine with a name, and not the machine itself: a plugin would change its links. */
function resolveContainer(store: Store, netns: string): void {
  resolveLiveNamespace(store, netns);
  if (netns === 'host')
    throw netformError('E_USAGE', EXIT.usage, 'plugins are called for a namespace, and host is this machine', {
      hint: 'make one: ip netns add pod1',
    });
}

const describe = ({ network, netns, dev }: CniTarget, config: CniConfig): AttachmentDescription => ({
  netns,
  dev,
  network: config.name || network,
  config,
  capabilities: {},
  args: [],
  prefixes: [],
  defaults: [4, 6],
  place: ATTACHED,
});

/** What is wrong with an attachment; null: nothing. Throws E_NO_ATTACHMENT when netform has made none of that name. */
export const checkAttachment = (session: Session, target: CniTarget): Promise<string | null> =>
  withMachine(session, (opened) => {
    const { uid } = findKnown(opened, target);
    const place = lookAt(opened, uid, target)?.place ?? 'it is gone';
    return place === ATTACHED ? null : place;
  });

/** Calls DEL for what `addAttachment` made. Throws E_FOREIGN for an attachment of a lab, E_CNI when a plugin fails. */
export const deleteAttachment = (session: Session, target: CniTarget, lockTimeoutMs: number): Promise<void> =>
  withLockedMachine(session, { command: 'cni del', timeoutMs: lockTimeoutMs }, (opened) => {
    const { uid, attachment } = findKnown(opened, target);
    const lab = labOf(opened.store, uid);
    if (lab !== null)
      throw netformError('E_FOREIGN', EXIT.foreign, `${endOf(target)} is of the lab ${lab}`, {
        hint: `take it out of its file and apply that, or netform destroy ${lab}; nothing was changed`,
      });
    execute(opened, { do: 'attachment.delete', netns: attachment.netns, uid, attachment }, 'it is still remembered');
  });

/** Attachments that netform made, that no lab has, and whose namespace is gone. */
export type LeakedAttachment = KnownAttachment & { readonly lost: string };

/** The leaked attachments of this machine, which is only read. */
export const listLeaks = (session: Session): Promise<readonly LeakedAttachment[]> => withMachine(session, findLeaks);

/** The leaked attachments. Throws E_UNCONFIRMED while a run is open, which may still take them away itself. */
function findLeaks({ machine, store }: Session): readonly LeakedAttachment[] {
  const [open] = listJournals(store);
  if (open !== undefined)
    throw netformError('E_UNCONFIRMED', EXIT.locked, `a run of ${open} was interrupted, and may have attachments`, {
      hint: 'netform recover ends it; nothing was changed',
    });
  const { states, unreadable } = readOtherLabs(store, null);
  if (unreadable.length > 0) return [];
  const labs = new Set(states.map(({ uid }) => uid));
  return listKnown(machine).flatMap((one) =>
    one.lost === null || labs.has(one.uid) ? [] : [{ ...one, lost: one.lost }],
  );
}

/** Frees what leaked attachments hold: DEL of their plugins, their addresses, their chains. Gives why the others are left. */
export const freeLeaks = (
  session: Session,
  lockTimeoutMs: number,
): Promise<{ readonly freed: readonly LeakedAttachment[]; readonly problems: readonly string[] }> =>
  withLockedMachine(session, { command: 'cni gc', timeoutMs: lockTimeoutMs }, (opened) => {
    const leaks = findLeaks(opened);
    const tried = leaks.map((one) => {
      const { uid, attachment } = one;
      const [failure] = opened.machine.execute([{ do: 'attachment.delete', netns: attachment.netns, uid, attachment }]);
      return { one, problem: failure ? `${attachment.netns}:${attachment.dev}: ${failure.message}` : null };
    });
    return {
      freed: tried.flatMap(({ one, problem }) => (problem === null ? [one] : [])),
      problems: tried.flatMap(({ problem }) => problem ?? []),
    };
  });

const listKnown = (machine: Session['machine']): readonly KnownAttachment[] =>
  machine.read([{ need: 'known-attachments' }]).get({ need: 'known-attachments' }) ?? [];

function findKnown({ machine }: Session, target: CniTarget): KnownAttachment {
  const { network, netns, dev } = target;
  const found = listKnown(machine).find(
    ({ attachment: one }) => one.netns === netns && one.dev === dev && one.network === network,
  );
  if (found) return found;
  const known = listKnown(machine).map(({ attachment: one }) => `${one.network} ${one.netns}:${one.dev}`);
  const message = `netform has not attached ${endOf(target)} to ${network}`;
  throw netformError('E_NO_ATTACHMENT', EXIT.usage, message, {
    hint: known.length === 0 ? 'netform cni add does' : `there is ${known.slice(0, 8).join(', ')}`,
  });
}

const labOf = (store: Store, uid: string): string | null =>
  readOtherLabs(store, null).states.find((state) => state.uid === uid)?.lab ?? null;

function lookAt({ machine }: Session, uid: string, { netns, dev }: CniTarget) {
  const need = attachmentNeed(uid, netns, dev);
  return machine.read([need, { need: 'namespace', netns }]).get(need);
}

function execute({ machine }: Session, instruction: Instruction, hint: string): void {
  const [failure] = machine.execute([instruction]);
  if (failure) throw netformError('E_CNI', EXIT.rolledBack, failure.message, { hint });
}

const endOf = ({ netns, dev }: CniTarget): string => `${netns}:${dev}`;

const takenError = (target: CniTarget): NetformError =>
  netformError('E_FOREIGN', EXIT.foreign, `${endOf(target)} is there already`, {
    hint: 'plugins make a link of their own: name another interface; nothing was changed',
  });
