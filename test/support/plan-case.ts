import { readFileSync } from 'node:fs';
import { converge } from '../../src/engine/converge.ts';
import type { Goal } from '../../src/engine/goal.ts';
import { adoptUnspecified } from '../../src/engine/plan/adopt-unspecified.ts';
import { planFromLive, planGoal } from '../../src/engine/plan/plan.ts';
import { findUnmanagedObjects, unmanagedQuery } from '../../src/engine/unmanaged.ts';
import { NO_PLACES } from '../../src/model/files/file-places.ts';
import type { StateEntry } from '../../src/model/kind.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { PlanView } from '../../src/model/results/plan-view.ts';
import { sha256Latin1 } from '../../src/model/values/hash.ts';
import { toPlanView } from '../../src/pipeline/planning/plan-view.ts';
import { compileLab, kinds } from '../../src/registry/kinds.ts';
import { elaborateTopology, elaborationQuery, loadTopology } from '../../src/registry/language.ts';
import { plainPaint } from '../../src/report/text/colour.ts';
import { diagnosticsText } from '../../src/report/text/diagnostics.ts';
import { planText } from '../../src/report/text/plan.ts';
import type { TopologyLoadResult } from '../../src/source/load.ts';
import { type FakeMachine, fakeMachine } from './fake-machine.ts';
import { changeMachine, type MachineFile } from './machine-file.ts';

/** The files of a case: what is wanted, what was applied before (null: nothing), and the machine. */
export type PlanCase = { readonly topology: string; readonly applied: string | null; readonly live: MachineFile };

/** What netform prints about a case: its plan, or the diagnostics that stand in the way of one. */
export async function printCase(one: PlanCase): Promise<string> {
  const view = await viewOfCase(one);
  if (typeof view === 'string') return view;
  const verb = one.live.run === 'destroy' ? 'destroy' : 'plan';
  return planText(view, verb, { paint: plainPaint, isFull: false });
}

/** The plan of a case, or the diagnostics that stand in the way of one as text. */
export async function viewOfCase({ topology, applied, live }: PlanCase): Promise<PlanView | string> {
  const machine = fakeMachine();
  machine.world.hasNetem = !live.withoutNetem;
  const recorded = applied === null ? [] : await apply(machine, applied);
  changeMachine(machine.world, live);
  const { run = 'plan' } = live;
  const loaded = load(topology);
  const lab = resolve(loaded, machine);
  const foreign = run === 'destroy' ? 'leave' : run === 'plan --adopt' ? 'adopt' : 'refuse';
  const plain = { ...goalOf(lab, recorded), ...(run === 'destroy' && { desired: [] }), foreign } as const;
  const wanted: Goal = { ...plain, extraQuery: unmanagedQuery(plain) };
  const first = planGoal(machine, wanted);
  const goal = adoptUnspecified(wanted, first.found);
  const planned = goal === wanted ? first : planFromLive(first.live, goal);
  const { file, text, locate } = { ...loaded, file: 'topology.yaml' };
  if (planned.diagnostics.length > 0) return diagnosticsText(planned.diagnostics, { file, text, locate });
  return toPlanView(planned, {
    file,
    namespaces: lab.namespaces.map(({ name }) => name),
    extras: findUnmanagedObjects(planned),
    fate: run === 'plan --prune' ? 'pruned' : 'kept',
    ...(run === 'destroy' ? {} : { source: loaded }),
  });
}

/** Applies a topology, and gives what the state would remember. */
async function apply(machine: FakeMachine, text: string): Promise<readonly StateEntry[]> {
  const goal = goalOf(resolve(load(text), machine), []);
  const result = await converge(machine, goal, { wait: async () => {} });
  if (result.status !== 'reached' || result.recorded === null)
    throw new Error(`not applied: ${JSON.stringify(result.failures)}`);
  return result.recorded;
}

/** The goal of a lab, with what the state says of it. */
export function goalOf(lab: Lab, resources: readonly StateEntry[]): Goal {
  const recorded = new Map(resources.map((one) => [one.id, one]));
  const desired = compileLab(lab);
  const contents = new Map(desired.flatMap(({ blobs = [] }) => blobs.map((bytes) => [sha256Latin1(bytes), bytes])));
  const bytesOf = (sha: string) => contents.get(sha) ?? null;
  const rest = { foreign: 'refuse', heldByOthers: new Set<string>(), extraQuery: [], bytesOf } as const;
  return { kinds, lab: lab.name, uid: '0a1b2c3d', desired, recorded, ...rest };
}

export const load = (text: string): TopologyLoadResult =>
  loadTopology(text, { file: 'topology.yaml', vars: {}, varFile: null });

/** The lab of a topology on a machine. Throws what is wrong with it. */
export function resolve({ topology, diagnostics }: TopologyLoadResult, machine: FakeMachine = fakeMachine()): Lab {
  if (topology === null) throw new Error(JSON.stringify(diagnostics));
  const lab = elaborateTopology(topology, {}, { live: machine.read(elaborationQuery(topology, NO_PLACES)) });
  const errors = [...diagnostics, ...lab.problems].filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return lab;
}

/** The text of a file; null: there is none. */
export function textOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
