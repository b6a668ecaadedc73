import { existsSync, writeFileSync } from 'node:fs';
import { missingCapabilities } from '../../kernel/process/capabilities.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { writeErrorReason } from '../../model/files/file-errors.ts';
import type { State } from '../../model/state.ts';
import { recordedText } from '../../source/expand/recorded-text.ts';
import { readState } from '../../store/state.ts';
import { withMachine } from '../host-session.ts';
import { type ForeignPolicy, isValidTopology, type ValidTopology } from '../planning/compare.ts';
import { resolveLabName } from '../resolve/lab.ts';
import type { OfflineSession, Session } from '../session.ts';
import { toTopologyDiagnostics } from '../topology/diagnostics.ts';
import { resolveOffline, resolveRequest, type TopologyRequest } from '../topology/resolve.ts';
import { drawFile, drawLab, drawPlan, type GraphResult } from './graph-drawing.ts';

/**
 * The subject of a drawing: a file, with what an apply would change when there is a choice; a file, or its lab as it is on
 * this machine once it is applied there (`follow`); or a lab of this machine.
 */
export type GraphSubject =
  | { readonly request: TopologyRequest; readonly plan: ForeignPolicy | null; readonly follow?: true }
  | { readonly lab: string };

/**
 * The variables of a topology that is drawn; how an apply of it would treat foreign objects (null: no apply is drawn); and
 * whether a file that is named is followed on this machine, as topology.yaml is without an argument.
 */
export type GraphOptions = {
  readonly request: Omit<TopologyRequest, 'file'>;
  readonly plan: ForeignPolicy | null;
  readonly follow: boolean;
};

/** The file of that name, or else the lab; without an argument topology.yaml here, else the only lab of this machine. */
export function resolveGraphSubject(
  { store }: OfflineSession,
  argument: string | null,
  { request, plan, follow }: GraphOptions,
): GraphSubject {
  const file = argument ?? 'topology.yaml';
  if (file !== '-' && !existsSync(file)) return { lab: resolveLabName(store, argument) };
  const subject = { request: { ...request, file }, plan };
  const isFollowed = plan === null && file !== '-' && (follow || argument === null);
  return isFollowed ? { ...subject, follow: true } : subject;
}

/** Draws a file, or a lab as it is recorded with what has drifted from it. Writes nothing, takes no lock. */
export async function drawGraph(session: Session, subject: GraphSubject): Promise<GraphResult> {
  if ('lab' in subject) return withMachine(session, (opened) => drawNamedLab(opened, subject.lab));
  const { request, plan, follow } = subject;
  if (plan !== null) return withMachine(session, (opened) => drawPlanOf(opened, request, plan));
  const drafted = resolveOffline(session.progress, request);
  if (!isValidTopology(drafted)) return { findings: toTopologyDiagnostics(drafted), drawing: null };
  if (!follow || missingCapabilities() !== null) {
    return drawFile(session.progress, drafted, 'not compared with this machine');
  }
  const state = readState(session.store, drafted.lab.name);
  if (state === null) return drawFile(session.progress, drafted, 'not applied on this machine');
  return withMachine(session, (opened) => drawApplied(opened, state, { request, drafted }));
}

/** Writes a drawing to a file, over what is there. Throws E_OUT when it cannot. */
export function writeDrawing(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const message = `cannot write ${file}: ${writeErrorReason(error)}`;
    throw netformError('E_OUT', EXIT.usage, message, { hint: 'write to another file with -o' });
  }
}

type AppliedFile = { readonly request: TopologyRequest; readonly drafted: ValidTopology };

/** A file that was applied: its lab on this machine, or what an apply would change when the file was edited since. */
function drawApplied(session: Session, state: State, { request, drafted }: AppliedFile): GraphResult {
  const { file, source } = drafted;
  if (recordedText(source) === state.topology) return drawLab(session, state, `from ${file}`);
  const edited = ', edited since';
  const planned = resolveRequest(session, request);
  if (isValidTopology(planned)) {
    const plan = drawPlan(session, planned, { choice: { foreign: 'refuse' }, note: edited });
    if (plan.drawing !== null) return plan;
  }
  return drawLab(session, state, `from the record of ${state.lab}: ${file} was edited since, and cannot be applied`);
}

function drawPlanOf(session: Session, request: TopologyRequest, choice: ForeignPolicy): GraphResult {
  const drafted = resolveRequest(session, request);
  if (!isValidTopology(drafted)) return { findings: toTopologyDiagnostics(drafted), drawing: null };
  return drawPlan(session, drafted, { choice, note: '' });
}

function drawNamedLab(session: Session, lab: string): GraphResult {
  const state = readState(session.store, lab);
  if (state !== null) return drawLab(session, state, `the lab ${lab}`);
  throw netformError('E_NO_LAB', EXIT.usage, `the lab ${lab} is not on this machine`, {
    hint: 'netform list shows the labs; give a file to draw it without applying it',
  });
}
