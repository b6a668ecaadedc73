import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import { atKey } from '../../model/diagnostics/source-location.ts';
import { EXIT } from '../../model/error.ts';
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
import { compareWithState } from '../lab/drift.ts';
import { compareWithMachine, type ForeignPolicy, type ValidTopology } from '../planning/compare.ts';
import type { Session } from '../session.ts';
import { diagnosticsExitCode, toTopologyDiagnostics } from '../topology/diagnostics.ts';
import { resolveRequest, type TopologyRequest, type TopologyResolution } from '../topology/resolve.ts';

/** `drawing` is null when the findings forbid it. */
export type GraphResult = { readonly findings: TopologyDiagnostics; readonly drawing: AnnotatedPicture | null };

const NO_CHANGES: ReadonlyMap<string, ChangeStatus> = new Map();

/** The topology as the file says it. */
export function drawFile(progress: Progress, drafted: ValidTopology, place: string): GraphResult {
  const parts = { resources: compileLab(drafted.lab), former: null, words: NO_CHANGES, details: {} };
  const drawing = drawWithProgress(progress, drafted, { ...parts, summary: `from ${drafted.file}; ${place}` });
  return { findings: toTopologyDiagnostics(drafted), drawing };
}

/** The topology with what an apply would change. `drawing` is null when it could not be applied. */
export function drawPlan(session: Session, drafted: ValidTopology, { choice, note }: PlanDrawingOptions): GraphResult {
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
  const count = new Set(resources.map(({ id }) => id)).size;
  const changes = words.size === 0 ? 'nothing' : `${words.size} of ${countText(count)}`;
  const summary = `from ${drafted.file}${note}; apply would change ${changes}`;
  const drawing = drawWithProgress(session.progress, drafted, { resources, former, words, details, summary });
  return { findings, drawing: { ...drawing, extras: unmanagedTexts(view) } };
}

/** How foreign objects are treated, and what is said of the file behind its name. */
export type PlanDrawingOptions = { readonly choice: ForeignPolicy; readonly note: string };

const countText = (count: number): string => (count === 1 ? '1 resource' : `${count} resources`);

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

/** A lab as it was applied, with what differs on this machine. `origin`: what it was drawn for, `the lab shop`. */
export function drawLab(session: Session, state: State, origin: string): GraphResult {
  const drafted = resolveRequest(session, stateRequest(state));
  if (drafted.lab === null) return { findings: toTopologyDiagnostics(drafted), drawing: null };
  const { resources, extras } = compareWithState(session, state);
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
  const summary = `${origin}; on this machine ${driftText(words.size, resources.length)}`;
  const parts = { resources: compileLab(drafted.lab), former: null, words, details, summary };
  const drawing = drawWithProgress(session.progress, { ...drafted, lab: drafted.lab }, parts);
  const findings = { ...toTopologyDiagnostics(drafted), diagnostics: [] };
  const applied = `applied ${state.appliedAt.replace('T', ' ').slice(0, 16)} UTC from ${state.file ?? 'standard input'}`;
  const subtitle = `${summary} (${applied})`;
  return { findings, drawing: { ...drawing, subtitle, extras: unmanagedTexts({ extras }) } };
}

function driftText(differing: number, count: number): string {
  if (differing > 0) return `${differing} of ${countText(count)} ${differing === 1 ? 'differs' : 'differ'}`;
  return count === 1 ? 'its resource is as applied' : `all ${countText(count)} are as applied`;
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
  readonly summary: string;
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
  const { resources, former, words, summary } = parts;
  const lines = source.text.split('\n');
  const details = resources.map(({ id, kind, netns, spec, origin, note }): ResourceDetail => {
    const { line = null, within } = origin === null ? {} : source.locate(atKey(origin));
    const text = line === null ? '' : ((within?.text.split('\n') ?? lines)[line - 1] ?? '').trim();
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
  return { picture, title: lab.name, summary, subtitle: summary, details, extras: [] };
}
