import { existsSync } from 'node:fs';
import { diagnose, doctorQuery } from '../doctor/index.ts';
import { surveyMachine } from '../kernel/survey.ts';
import { elaborate } from '../lab/elaborate.ts';
import type { Finding } from '../model/finding.ts';
import type { Lab } from '../model/lab.ts';
import type { Machine } from '../model/machine.ts';
import type { Survey } from '../model/survey.ts';
import { step } from '../report/step.ts';
import { loadTopology } from '../source/load.ts';
import { ROOTS } from '../store/roots.ts';
import { listLabs, readState } from '../store/state.ts';
import { draft, type Request } from './draft.ts';
import { type Findings, findingsOf } from './findings.ts';
import { recoverLab, unfinishedRuns } from './recover.ts';
import { aloneOnMachine, onMachine } from './session.ts';
import { stickyOf } from './sticky.ts';
import { labMeant } from './target.ts';

export type Diagnosis = {
  /** Of a file that was given; errors in it are all that there is then. */
  readonly findings: Findings | null;
  readonly found: readonly Finding[];
  /** Of those that were found at first, what is gone now. */
  readonly mended: readonly Finding[];
  readonly survey: Survey | null;
};

/** Looks for what troubles labs on this machine: the one of a file or a name, or all that are there. Changes nothing. */
export const examine = (request: Request | null): Promise<Diagnosis> =>
  onMachine((machine) => {
    const asked = labsOf(machine, request);
    if (asked.labs === null) return { findings: asked.findings, found: [], mended: [], survey: null };
    return { findings: asked.findings, mended: [], ...look(machine, asked.labs) };
  });

/** The same, after mending what is netform's own to mend. */
export async function mend(request: Request | null, lockTimeoutMs: number): Promise<Diagnosis> {
  const before = await examine(request);
  const recover = before.found.flatMap(({ fix }) => (fix && 'recover' in fix ? [fix.recover] : []));
  if (before.found.some(({ fix }) => fix !== null)) {
    await aloneOnMachine({ command: 'doctor --fix', timeoutMs: lockTimeoutMs }, async (machine) => {
      for (const lab of recover) await recoverLab(machine, lab, 'wait');
      // What another run was about to make is no leftover any more.
      const { found } = look(machine, []);
      machine.execute(found.flatMap(({ fix }) => (fix && 'instructions' in fix ? fix.instructions : [])));
    });
  }
  const after = await examine(request);
  const left = new Set(after.found.map(keyOf));
  return { ...after, mended: before.found.filter((one) => !left.has(keyOf(one))) };
}

/** Whether the labs of a name or a file were meant. */
type Asked = { readonly labs: readonly Lab[] | null; readonly findings: Findings | null };

function labsOf(machine: Machine, request: Request | null): Asked {
  const recorded = listLabs(ROOTS);
  const byName = (name: string) => recordedLab(machine, name);
  if (request === null) return { labs: recorded.flatMap(byName), findings: null };
  if (recorded.includes(request.file)) return { labs: byName(request.file), findings: null };
  // Says which labs there are when it is no file either.
  if (request.file !== '-' && !existsSync(request.file)) labMeant(request.file);
  const drafted = draft(request, (lab) => stickyOf(machine, lab));
  const isSound = drafted.lab !== null && drafted.diagnostics.every(({ severity }) => severity === 'warning');
  return { labs: isSound && drafted.lab ? [drafted.lab] : null, findings: findingsOf(drafted) };
}

function recordedLab(machine: Machine, name: string): readonly Lab[] {
  const state = readState(ROOTS, name);
  if (state === null) return [];
  const { topology } = loadTopology(state.topology, { file: name, vars: {}, varFile: null });
  return topology === null ? [] : [elaborate(topology, stickyOf(machine, name))];
}

function look(machine: Machine, labs: readonly Lab[]): { readonly found: readonly Finding[]; readonly survey: Survey } {
  const survey = step('looking at the machine', 0, surveyMachine);
  const states = listLabs(ROOTS).flatMap((name) => readState(ROOTS, name) ?? []);
  const found = diagnose({ labs, states, unfinished: unfinishedRuns(), live: machine.read(doctorQuery), survey });
  return { found, survey };
}

const keyOf = ({ name, where }: Finding): string => `${name} ${where}`;
