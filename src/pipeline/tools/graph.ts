import { existsSync, writeFileSync } from 'node:fs';
import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import { atKey } from '../../model/diagnostics/source-location.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { writeErrorReason } from '../../model/files/file-errors.ts';
import type { Lab } from '../../model/lab.ts';
import type { Operation } from '../../model/operation.ts';
import type { Resource } from '../../model/resource.ts';
import type { ResourceStatus } from '../../model/results/lab-view.ts';
import type { PlanView } from '../../model/results/plan-view.ts';
import { type Progress, withProgress } from '../../model/results/progress.ts';
import type { State } from '../../model/state.ts';
import type { AnnotatedPicture, ResourceDetail } from '../../picture/model/annotated-picture.ts';
import { buildPicture } from '../../picture/model/build-picture.ts';
import type { ChangeStatus } from '../../picture/model/picture.ts';
import { withRemovedParts } from '../../picture/model/removed-parts.ts';
import { featureDrawings } from '../../registry/features.ts';
import { compileLab } from '../../registry/kinds.ts';
import { readState } from '../../store/state.ts';
import { withMachine } from '../host-session.ts';
import { compareWithState } from '../lab/drift.ts';
import { compareWithMachine, type ForeignPolicy, isValidTopology, type ValidTopology } from '../planning/compare.ts';
import { resolveLabName } from '../resolve/lab.ts';
import type { OfflineSession, Session } from '../session.ts';
import { diagnosticsExitCode, toTopologyDiagnostics } from '../topology/diagnostics.ts';
import { resolveOffline, resolveRequest, type TopologyRequest, type TopologyResolution } from '../topology/resolve.ts';

/** The subject of a drawing: a file, with what an apply would change when there is a choice; or a lab of this machine. */
export type GraphSubject =
  | { readonly request: TopologyRequest; readonly plan: ForeignPolicy | null }
  | { readonly lab: string };

/** `drawing` is null when the findings forbid it. */
export type GraphResult = { readonly findings: TopologyDiagnostics; readonly drawing: AnnotatedPicture | null };

/** The variables of a topology that is drawn, and how an apply of it would treat foreign objects; null: no apply is drawn. */
export type GraphOptions = { readonly request: Omit<TopologyRequest, 'file'>; readonly plan: ForeignPolicy | null };

/** The file of that name, or else the lab; without an argument topology.yaml here, else the only lab of this machine. */
export function resolveGraphSubject(
  { store }: OfflineSession,
  argument: string | null,
  { request, plan }: GraphOptions,
): GraphSubject {
  const file = argument ?? 'topology.yaml';
  if (file === '-' || existsSync(file)) return { request: { ...request, file }, plan };
  return { lab: resolveLabName(store, argument) };
}

/** Draws a file, or a lab as it is recorded with what has drifted from it. Writes nothing, takes no lock. */
export async function drawGraph(session: Session, subject: GraphSubject): Promise<GraphResult> {
  if ('lab' in subject) return withMachine(session, (opened) => drawLab(opened, subject.lab));
  const { request, plan } = subject;
  if (plan !== null) return withMachine(session, (opened) => drawPlan(opened, request, plan));
  const drafted = resolveOffline(session.progress, request);
  const findings = toTopologyDiagnostics(drafted);
  if (!isValidTopology(drafted)) return { findings, drawing: null };
  const parts = { resources: compileLab(drafted.lab), former: null, words: NO_CHANGES, details: {} };
  return { findings, drawing: drawWithProgress(session.progress, drafted, { ...parts, subtitle: drafted.file }) };
}

/** Writes a drawing to a file, over what is there. Throws E_OUT when it cannot. */
export function writeDrawing(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const message = `cannot write ${file}: ${writeErrorReason(error)}`;
    throw netformError('E_OUT', EXIT.usage, message, { hint: 'name another file with -o' });
  }
}

const NO_CHANGES: ReadonlyMap<string, ChangeStatus> = new Map();

function drawPlan(session: Session, request: TopologyRequest, choice: ForeignPolicy): GraphResult {
  const drafted = resolveRequest(session, request);
  if (!isValidTopology(drafted)) return { findings: toTopologyDiagnostics(drafted), drawing: null };
  const { view, findings, planned } = compareWithMachine(session, drafted, { ...choice, ssh: null });
  if (diagnosticsExitCode(findings.diagnostics) !== EXIT.done) return { findings, drawing: null };
  const operations = new Map(view.described.map((one) => [one.operation.id, one]));
  const resources = [
    ...planned.goal.desired,
    ...view.described.flatMap(({ operation }) => resourcesToDelete(operation)),
  ];
  const details = Object.fromEntries(
    resources.map(({ id, spec }) => {
      const { operation, lines = [] } = operations.get(id) ?? {};
      const found = operation ? operation.before : (planned.found.get(id)?.spec ?? spec);
      const texts = lines.map(({ sign, noun, name, text }) => [sign, noun, name, text].filter(Boolean).join(' '));
      return [
        id,
        { lines: texts, found, changes: operation?.changes ?? [], wanted: operation ? operation.after : spec },
      ];
    }),
  );
  const words = new Map([...operations].map(([id, { operation }]) => [id, STATUS_OF_ACTION[operation.action]]));
  const state = readState(session.store, drafted.lab.name);
  const former = state && previousLab(session, state);
  const subtitle = `${drafted.file}, and what an apply would change`;
  const drawing = drawWithProgress(session.progress, drafted, { resources, former, words, details, subtitle });
  return { findings, drawing: { ...drawing, extras: unmanagedTexts(view) } };
}

const STATUS_OF_ACTION = { create: 'added', update: 'changed', replace: 'replaced', delete: 'deleted' } as const;

/** What an operation deletes, as the resource that it was. */
function resourcesToDelete({
  action,
  kind,
  id,
  netns,
  before,
  dependsOn,
  within,
  note,
}: Operation): readonly Resource[] {
  if (action !== 'delete' || before === null) return [];
  return [{ kind, id, netns, spec: before, dependsOn, within, origin: null, note }];
}

/** The lab as it was applied; null when its text cannot be read any more. */
const previousLab = (session: Session, state: State): Lab | null => resolveRequest(session, stateRequest(state)).lab;

const stateRequest = ({ lab, topology }: State): TopologyRequest => ({
  file: lab,
  vars: [],
  varFile: null,
  text: topology,
});

function drawLab(session: Session, lab: string): GraphResult {
  const state = readState(session.store, lab);
  if (state === null) {
    throw netformError('E_NO_LAB', EXIT.usage, `the lab ${lab} is not on this machine`, {
      hint: 'netform list shows those that are; give the file to draw it without applying it',
    });
  }
  const drafted = resolveRequest(session, stateRequest(state));
  const { resources, extras } = compareWithState(session, state);
  const findings = { ...toTopologyDiagnostics(drafted), diagnostics: [] };
  if (drafted.lab === null) return { findings: toTopologyDiagnostics(drafted), drawing: null };
  const words = new Map(
    resources.flatMap(({ id, status }) => (status === 'ok' ? [] : [[id, STATUS_OF_DRIFT[status]] as const])),
  );
  const details = Object.fromEntries(
    resources.map(({ id, recorded, found, changes, lines, status }) => {
      const texts =
        status === 'ok' ? [] : lines.map(({ noun, name, text }) => [noun, name, text].filter(Boolean).join(' '));
      return [id, { wanted: recorded, found, changes, lines: texts }];
    }),
  );
  const subtitle = `${state.file ?? 'from standard input'}, applied ${state.appliedAt.replace('T', ' ').slice(0, 16)} UTC`;
  const parts = { resources: compileLab(drafted.lab), former: null, words, details, subtitle };
  const drawing = drawWithProgress(session.progress, { ...drafted, lab: drafted.lab }, parts);
  return { findings, drawing: { ...drawing, extras: unmanagedTexts({ extras }) } };
}

const STATUS_OF_DRIFT: { readonly [status in Exclude<ResourceStatus, 'ok'>]: ChangeStatus } = {
  changed: 'drifted',
  missing: 'missing',
  foreign: 'foreign',
};

const unmanagedTexts = ({ extras }: Pick<PlanView, 'extras'>): AnnotatedPicture['extras'] =>
  extras
    .filter(({ role }) => role !== 'setting')
    .map(({ netns, noun, name, text }) => ({ netns, text: [noun, name, text].filter(Boolean).join(' ') }));

type DrawingInput = {
  readonly resources: readonly Resource[];
  readonly former: Lab | null;
  readonly words: ReadonlyMap<string, ChangeStatus>;
  readonly details: { readonly [id: string]: Partial<ResourceDetail> };
  readonly subtitle: string;
};

const drawWithProgress = (
  progress: Progress,
  drafted: TopologyResolution & Pick<ValidTopology, 'lab'>,
  parts: DrawingInput,
): AnnotatedPicture =>
  withProgress(progress, ['drawing', drafted.lab.namespaces.length], () => buildDrawing(drafted, parts));

function buildDrawing(
  { lab, source }: TopologyResolution & Pick<ValidTopology, 'lab'>,
  parts: DrawingInput,
): AnnotatedPicture {
  const { resources, former, words, subtitle } = parts;
  const lines = source.text.split('\n');
  const details = resources.map(({ id, kind, netns, spec, origin, note }): ResourceDetail => {
    const line = origin === null ? null : source.locate(atKey(origin)).line;
    const text = line === null ? '' : (lines[line - 1] ?? '').trim();
    const at = line === null ? null : { line, text };
    const word = words.get(id) ?? null;
    return {
      id,
      kind,
      netns,
      word,
      lines: [],
      source: at,
      note,
      wanted: spec,
      changes: [],
      ...parts.details[id],
    };
  });
  const picture = buildPicture(withRemovedParts(lab, former, words), { resources, words, features: featureDrawings });
  return { picture, title: lab.name, subtitle, details, extras: [] };
}
