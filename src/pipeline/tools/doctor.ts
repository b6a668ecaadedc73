import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { cwd } from 'node:process';
import { diagnose, doctorQuery } from '../../doctor/index.ts';
import { readDoctorFacts } from '../../kernel/read/doctor-facts.ts';
import type { TopologyDiagnostics } from '../../model/diagnostics/diagnostic-file.ts';
import type { DoctorFacts } from '../../model/doctor/doctor-facts.ts';
import type { DoctorFinding } from '../../model/doctor/doctor-finding.ts';
import type { Lab } from '../../model/lab.ts';
import type { LabView } from '../../model/results/lab-view.ts';
import type { LabWarnings } from '../../model/results/lab-warnings.ts';
import { withProgress } from '../../model/results/progress.ts';
import { checkLab } from '../../registry/checks.ts';
import { linkKinds } from '../../registry/kinds.ts';
import { loadTopology } from '../../registry/language.ts';
import { listStates, readState } from '../../store/state.ts';
import { withLockedMachine, withMachine } from '../host-session.ts';
import { compareWithState } from '../lab/drift.ts';
import { findOrphans } from '../lab/orphans.ts';
import { listOpenRuns } from '../recovery/open-runs.ts';
import { recoverLab } from '../recovery/recover-lab.ts';
import { resolveLabName } from '../resolve/lab.ts';
import type { Session } from '../session.ts';
import { elaborateCurrent } from '../topology/current-addresses.ts';
import { toTopologyDiagnostics } from '../topology/diagnostics.ts';
import { filePlaces } from '../topology/file-places.ts';
import { resolveRequest, type TopologyRequest } from '../topology/resolve.ts';

/** The result of `doctor`. */
export type Diagnosis = {
  /** Of a file that was given; errors in it are all that there is then. */
  readonly findings: TopologyDiagnostics | null;
  readonly found: readonly DoctorFinding[];
  /** Of those that were found at first, what is gone now. */
  readonly fixed: readonly DoctorFinding[];
  readonly survey: DoctorFacts | null;
  /** Whether a lab that was asked about runs programs. */
  readonly hasPrograms: boolean;
  /** The labs that are on the machine and were asked about, compared with their records. */
  readonly compared: readonly LabView[];
  /** Of these, the labs whose topologies, as they were applied, have warnings. */
  readonly warned: readonly LabWarnings[];
};

/** Diagnoses the machine for the lab of a file or a name, or for all labs of this machine. Changes nothing. */
export const runDoctor = (session: Session, request: TopologyRequest | null): Promise<Diagnosis> =>
  withMachine(session, (opened) => {
    const asked = resolveDoctorScope(opened, request);
    const { findings, labs, warned } = asked;
    if (labs === null)
      return { findings, found: [], fixed: [], survey: null, hasPrograms: false, compared: [], warned };
    const compared = labs.flatMap(({ name }) => {
      const state = readState(opened.store, name);
      return state === null ? [] : [compareWithState(opened, state)];
    });
    const hasPrograms = labs.some(({ processes }) => processes.length > 0);
    return { findings, fixed: [], compared, warned, hasPrograms, ...examineMachine(opened, labs) };
  });

/** Diagnoses the machine after fixing what belongs to netform: recovers runs and deletes leftovers. */
export async function runDoctorFix(
  session: Session,
  request: TopologyRequest | null,
  lockTimeoutMs: number,
): Promise<Diagnosis> {
  const before = await runDoctor(session, request);
  const recover = before.found.flatMap(({ fix }) => (fix && 'recover' in fix ? [fix.recover] : []));
  if (before.found.some(({ fix }) => fix !== null)) {
    await withLockedMachine(session, { command: 'doctor --fix', timeoutMs: lockTimeoutMs }, async (opened) => {
      for (const lab of recover) await recoverLab(opened, lab, 'wait');
      // What another run was about to create is not a leftover any more.
      const { found } = examineMachine(opened, []);
      opened.machine.execute(found.flatMap(({ fix }) => (fix && 'instructions' in fix ? fix.instructions : [])));
    });
  }
  const after = await runDoctor(session, request);
  const left = new Set(after.found.map(findingKey));
  return { ...after, fixed: before.found.filter((one) => !left.has(findingKey(one))) };
}

/** The labs that are asked about; null: the file has errors, which are among the findings. */
type DoctorScope = {
  readonly labs: readonly Lab[] | null;
  readonly findings: TopologyDiagnostics | null;
  readonly warned: readonly LabWarnings[];
};

function resolveDoctorScope(session: Session, request: TopologyRequest | null): DoctorScope {
  const { store } = session;
  const recorded = listStates(store);
  if (request === null) return recordedScope(session, recorded);
  if (recorded.includes(request.file)) return recordedScope(session, [request.file]);
  // Lists the labs when it is not a file either.
  if (request.file !== '-' && !existsSync(request.file)) resolveLabName(store, request.file);
  const drafted = resolveRequest(session, request);
  const isSound = drafted.lab !== null && drafted.diagnostics.every(({ severity }) => severity === 'warning');
  return { labs: isSound && drafted.lab ? [drafted.lab] : null, findings: toTopologyDiagnostics(drafted), warned: [] };
}

/** The labs of these names, from the topologies in their states. */
function recordedScope(session: Session, names: readonly string[]): DoctorScope {
  const loaded = names.flatMap((name) => {
    const state = readState(session.store, name);
    if (state === null) return [];
    const { topology } = loadTopology(state.topology, { file: name, vars: {}, varFile: null });
    return topology === null
      ? []
      : [
          {
            state,
            topology,
            lab: elaborateCurrent(session, topology, filePlaces(state.file === null ? cwd() : dirname(state.file))),
          },
        ];
  });
  const warned = loaded.flatMap(({ state: { file }, topology, lab }) => {
    const warnings = [...lab.problems, ...checkLab(topology, lab)].filter(({ severity }) => severity === 'warning');
    return warnings.length === 0 ? [] : [{ lab: lab.name, file, count: warnings.length }];
  });
  return { labs: loaded.map(({ lab }) => lab), findings: null, warned };
}

function examineMachine(
  { machine, store, progress }: Session,
  labs: readonly Lab[],
): { readonly found: readonly DoctorFinding[]; readonly survey: DoctorFacts } {
  const survey = withProgress(progress, ['looking at the machine', 0], () => readDoctorFacts(linkKinds));
  const states = listStates(store).flatMap((name) => readState(store, name) ?? []);
  const found = diagnose({
    labs,
    states,
    unfinished: listOpenRuns(store),
    orphans: findOrphans({ machine, store }),
    live: machine.read(doctorQuery(labs)),
    survey,
  });
  return { found, survey };
}

const findingKey = ({ name, where }: DoctorFinding): string => `${name} ${where}`;
