import { planGoal } from '../../engine/plan/plan.ts';
import { bootId } from '../../kernel/boot.ts';
import { EXIT, netformError } from '../../model/error.ts';
import type { StateEntry } from '../../model/kind.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import type { Orphan, OrphanRecovery } from '../../model/results/orphan.ts';
import type { State } from '../../model/state.ts';
import { recordedText } from '../../source/expand/recorded-text.ts';
import { readState, writeState } from '../../store/state.ts';
import { withLockedMachine } from '../host-session.ts';
import { findOrphans, orphanRemoval } from '../lab/orphans.ts';
import { isValidTopology, type ValidTopology } from '../planning/compare.ts';
import { labGoal } from '../planning/goals.ts';
import { readProcessesByNetns, warnRunningProcesses } from '../run/destroy-warnings.ts';
import type { Session } from '../session.ts';
import { resolveRequest } from '../topology/resolve.ts';
import { recoverAll } from './recover-all.ts';

/** `file`: the topology whose lab is recorded again; null: orphans are deleted. */
export type OrphanRequest = {
  readonly file: string | null;
  readonly agree: (found: OrphanRecovery) => Promise<boolean>;
  readonly lockTimeoutMs: number;
};

/**
 * Shows what carries a mark of netform's without a record, and then deletes it, or records again what a file describes of it.
 * Throws E_INCOMPLETE (exit 5) with what the kernel refused.
 */
export const recoverOrphans = (
  session: Session,
  { file, agree, lockTimeoutMs: timeoutMs }: OrphanRequest,
): Promise<OrphanRecovery> =>
  withLockedMachine(session, { command: 'recover --orphans', timeoutMs }, async (opened): Promise<OrphanRecovery> => {
    await recoverAll(opened);
    const orphans = findOrphans(opened);
    const rebuilt = file === null ? null : rebuildState(opened, file, orphans);
    const found = {
      lab: rebuilt?.lab ?? null,
      orphans: rebuilt === null ? orphans : orphans.filter(({ lab }) => lab === rebuilt.lab),
      back: rebuilt?.resources.map(({ id }) => id) ?? [],
    };
    if (found.orphans.length === 0) return { ...found, status: 'none' };
    if (!(await agree({ ...found, status: 'none' }))) return { ...found, status: 'declined' };
    if (rebuilt === null) deleteOrphans(opened, orphans);
    else writeState(opened.store, rebuilt);
    return { ...found, status: 'done' };
  });

function deleteOrphans(session: Session, orphans: readonly Orphan[]): void {
  const { machine } = session;
  const namespaces = orphans.flatMap(({ noun, netns }) => (noun === 'namespace' ? [netns] : []));
  const held = readProcessesByNetns(machine, namespaces);
  // A switch would make its links again; a program ends before what it runs in.
  const rounds = [
    orphans.filter(({ noun }) => noun === 'process'),
    orphans.filter(({ noun }) => noun !== 'process' && noun !== 'namespace'),
    orphans.filter(({ noun }) => noun === 'namespace'),
  ];
  const refused = rounds.flatMap((round) => machine.execute(round.map(orphanRemoval)));
  warnRunningProcesses(session, held);
  const left = refused.filter(({ code }) => !GONE.has(code));
  if (left.length === 0) return;
  throw netformError('E_INCOMPLETE', EXIT.rollbackIncomplete, 'not everything could be removed', {
    details: left.map(({ instruction, message, code }) => `${instruction.do}: ${message} [${code}]`),
    hint: 'look at what remains, then run netform recover --orphans again',
  });
}

/** The other end of a cable goes with the first. */
const GONE = new Set(['ENODEV', 'ENOENT']);

/** The record of a file's lab from its marks; what is not there is left out. Throws E_USAGE when the lab has a record, or nothing its mark. */
function rebuildState(session: Session, file: string, orphans: readonly Orphan[]): State {
  const resolved = resolveRequest(session, { file, vars: [], varFile: null });
  if (!isValidTopology(resolved))
    throw netformError('E_USAGE', EXIT.topology, `${file} has errors`, { hint: `netform validate ${file} lists them` });
  const { name } = resolved.lab;
  if (readState(session.store, name) !== null)
    throw netformError('E_USAGE', EXIT.usage, `the lab ${name} has a record`, {
      hint: `netform show ${name}; netform recover --orphans without a file removes what is in no record`,
    });
  const uid = orphans.find((one) => one.lab === name && one.uid !== '')?.uid;
  if (uid === undefined)
    throw netformError('E_USAGE', EXIT.usage, `nothing on this machine carries the mark of the lab ${name}`, {
      hint: `netform apply ${file} builds it`,
    });
  return stateFromMarks(session, resolved, uid);
}

function stateFromMarks({ machine, store }: Session, resolved: ValidTopology, uid: string): State {
  const { lab, path, source } = resolved;
  const empty: State = {
    ...{ version: 2, lab: lab.name, uid, bootId: bootId(), file: path },
    ...{ appliedAt: new Date().toISOString(), topology: recordedText(source), resources: [] },
  };
  const observe = (state: State) =>
    planGoal(machine, labGoal(store, lab, state, { foreign: 'adopt', extraQuery: [] })).found;
  const found = observe(empty);
  const goal = labGoal(store, lab, empty, { foreign: 'adopt', extraQuery: [] });
  const present = goal.desired.flatMap((one) => entryOf(one, found.get(one.id)));
  // An address on a link of ours has no mark: only a record makes it the lab's.
  const recorded = observe({ ...empty, resources: present });
  const own = present.filter(({ id }) => recorded.get(id)?.owner !== 'foreign');
  const ids = new Set(own.map(({ id }) => id));
  return { ...empty, resources: own.filter(({ within }) => within.every((id) => ids.has(id))) };
}

/** A thing without an owner, such as a sysctl, stays as it is on destroy. */
function entryOf(
  { kind, id, netns, spec, dependsOn, within }: Resource,
  found: Observation | undefined,
): readonly StateEntry[] {
  if (!found || found.spec === null) return [];
  return [{ kind, id, netns, spec, dependsOn, within, before: found.owner === 'shared' ? found.spec : null }];
}
