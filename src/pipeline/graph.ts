import { existsSync, writeFileSync } from 'node:fs';
import { compileLab } from '../kinds/index.ts';
import { EXIT, netformError } from '../model/error.ts';
import type { Lab } from '../model/lab.ts';
import type { Machine } from '../model/machine.ts';
import type { Operation } from '../model/operation.ts';
import { atKey } from '../model/place.ts';
import { whyNotWritten } from '../model/refusal.ts';
import type { Resource } from '../model/resource.ts';
import type { State } from '../model/state.ts';
import { pictureOf } from '../picture/draw.ts';
import type { Detail, Drawing } from '../picture/drawing.ts';
import { withFormer } from '../picture/former.ts';
import type { Word } from '../picture/picture.ts';
import type { Status } from '../report/labs.ts';
import type { PlanView } from '../report/plan.ts';
import { step } from '../report/step.ts';
import { ROOTS } from '../store/roots.ts';
import { readState } from '../store/state.ts';
import { type Draft, draft, type Request } from './draft.ts';
import { exitCodeOf, type Findings, findingsOf } from './findings.ts';
import { compareWithState } from './recorded.ts';
import { onMachine } from './session.ts';
import { stickyOf } from './sticky.ts';
import { type Choice, isSound, type Sound, survey } from './survey.ts';
import { labMeant } from './target.ts';

/** What shall be drawn: a file, with what an apply would change when there is a choice; or a lab of this machine. */
export type Subject = { readonly request: Request; readonly plan: Choice | null } | { readonly lab: string };

/** `drawing` is null when the findings forbid it. */
export type Drawn = { readonly findings: Findings; readonly drawing: Drawing | null };

/** The file of that name, or else the lab; without an argument topology.yaml here, else the only lab of this machine. */
export function subjectOf(argument: string | null, request: Omit<Request, 'file'>, plan: Choice | null): Subject {
  const file = argument ?? 'topology.yaml';
  if (file === '-' || existsSync(file)) return { request: { ...request, file }, plan };
  return { lab: labMeant(argument) };
}

/** Draws a file, or a lab as it is recorded with what has drifted from it. Writes nothing, takes no lock. */
export async function graph(subject: Subject): Promise<Drawn> {
  if ('lab' in subject) return onMachine((machine) => drawnLab(machine, subject.lab));
  const { request, plan } = subject;
  if (plan !== null) return onMachine((machine) => drawnPlan(machine, request, plan));
  const drafted = draft(request, () => ({}));
  const findings = findingsOf(drafted);
  if (!isSound(drafted)) return { findings, drawing: null };
  const parts = { resources: compileLab(drafted.lab), former: null, words: NOTHING, details: {} };
  return { findings, drawing: drawingOf(drafted, { ...parts, subtitle: drafted.file }) };
}

/** Writes a drawing to a file, over what is there. Throws E_OUT when it cannot. */
export function writeDrawing(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const message = `cannot write ${file}: ${whyNotWritten(error)}`;
    throw netformError('E_OUT', EXIT.usage, message, { hint: 'name another file with -o' });
  }
}

const NOTHING: ReadonlyMap<string, Word> = new Map();

function drawnPlan(machine: Machine, request: Request, choice: Choice): Drawn {
  const drafted = draft(request, (lab) => stickyOf(machine, lab));
  if (!isSound(drafted)) return { findings: findingsOf(drafted), drawing: null };
  const { view, findings, planned, goal } = survey(machine, drafted, { ...choice, ssh: null });
  if (exitCodeOf(findings.diagnostics) !== EXIT.done) return { findings, drawing: null };
  const operations = new Map(view.described.map((one) => [one.operation.id, one]));
  const resources = [...goal.desired, ...view.described.flatMap(({ operation }) => goingOf(operation))];
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
  const words = new Map([...operations].map(([id, { operation }]) => [id, WORDS[operation.action]]));
  const state = readState(ROOTS, drafted.lab.name);
  const former = state && formerLab(machine, state);
  const subtitle = `${drafted.file}, and what an apply would change`;
  const drawing = drawingOf(drafted, { resources, former, words, details, subtitle });
  return { findings, drawing: { ...drawing, extras: extrasOf(view) } };
}

const WORDS = { create: 'added', update: 'changed', replace: 'replaced', delete: 'deleted' } as const;

/** What an operation deletes, as the resource that it was. */
function goingOf({ action, kind, id, netns, before, dependsOn, within, note }: Operation): readonly Resource[] {
  if (action !== 'delete' || before === null) return [];
  return [{ kind, id, netns, spec: before, dependsOn, within, origin: null, note }];
}

/** The lab as it was applied; null when its text cannot be read any more. */
function formerLab(machine: Machine, state: State): Lab | null {
  return draft(requestOf(state), (lab) => stickyOf(machine, lab)).lab;
}

const requestOf = ({ lab, topology }: State): Request => ({ file: lab, vars: [], varFile: null, text: topology });

function drawnLab(machine: Machine, lab: string): Drawn {
  const state = readState(ROOTS, lab);
  if (state === null) {
    throw netformError('E_NO_LAB', EXIT.usage, `the lab ${lab} is not on this machine`, {
      hint: 'netform list shows those that are; give the file to draw it without applying it',
    });
  }
  const drafted = draft(requestOf(state), (name) => stickyOf(machine, name));
  const { resources, extras } = compareWithState(machine, state);
  const findings = { ...findingsOf(drafted), diagnostics: [] };
  if (drafted.lab === null) return { findings: findingsOf(drafted), drawing: null };
  const words = new Map(resources.flatMap(({ id, status }) => (status === 'ok' ? [] : [[id, DRIFT[status]] as const])));
  const details = Object.fromEntries(
    resources.map(({ id, recorded, found, changes, lines, status }) => {
      const texts =
        status === 'ok' ? [] : lines.map(({ noun, name, text }) => [noun, name, text].filter(Boolean).join(' '));
      return [id, { wanted: recorded, found, changes, lines: texts }];
    }),
  );
  const subtitle = `${state.file ?? 'from standard input'}, applied ${state.appliedAt.replace('T', ' ').slice(0, 16)} UTC`;
  const parts = { resources: compileLab(drafted.lab), former: null, words, details, subtitle };
  return { findings, drawing: { ...drawingOf({ ...drafted, lab: drafted.lab }, parts), extras: extrasOf({ extras }) } };
}

const DRIFT: { readonly [status in Exclude<Status, 'ok'>]: Word } = {
  changed: 'drifted',
  missing: 'missing',
  foreign: 'foreign',
};

const extrasOf = ({ extras }: Pick<PlanView, 'extras'>): Drawing['extras'] =>
  extras.map(({ netns, noun, name, text }) => ({ netns, text: [noun, name, text].filter(Boolean).join(' ') }));

type Parts = {
  readonly resources: readonly Resource[];
  readonly former: Lab | null;
  readonly words: ReadonlyMap<string, Word>;
  readonly details: { readonly [id: string]: Partial<Detail> };
  readonly subtitle: string;
};

const drawingOf = (drafted: Draft & Pick<Sound, 'lab'>, parts: Parts): Drawing =>
  step('drawing', drafted.lab.namespaces.length, () => drawn(drafted, parts));

function drawn({ lab, source }: Draft & Pick<Sound, 'lab'>, parts: Parts): Drawing {
  const { resources, former, words, subtitle } = parts;
  const lines = source.text.split('\n');
  const details = resources.map(({ id, kind, netns, spec, origin, note }): Detail => {
    const line = origin === null ? null : source.locate(atKey(origin)).line;
    const text = line === null ? '' : (lines[line - 1] ?? '').trim();
    const at = line === null ? null : { line, text };
    const word = words.get(id) ?? null;
    return {
      ...{ id, kind, netns, word, lines: [], source: at, note, wanted: spec, changes: [] },
      ...parts.details[id],
    };
  });
  const picture = pictureOf(withFormer(lab, former, words), { resources, words });
  return { picture, title: lab.name, subtitle, details, extras: [] };
}
