import type { Goal } from '../../src/engine/goal.ts';
import { planFromLive } from '../../src/engine/plan/plan.ts';
import { goalQuery } from '../../src/engine/plan/query.ts';
import type { Diagnostic } from '../../src/model/diagnostics/diagnostic.ts';
import type { LiveState } from '../../src/model/kernel/need.ts';
import type { Lab } from '../../src/model/lab.ts';
import { operationsOf } from '../../src/model/operation.ts';
import { checkLab, checkMachine, machineQuery } from '../../src/registry/checks.ts';
import { checkDraft } from '../../src/registry/draft.ts';
import { compileLab, kinds } from '../../src/registry/kinds.ts';
import { elaborateTopology, loadTopology } from '../../src/registry/language.ts';
import type { TopologyLoadResult } from '../../src/source/load.ts';
import { onlyAsked } from './facts.ts';
import type { SmallMachine } from './live.ts';

type About = { readonly file: string; readonly live: LiveState | null; readonly ssh?: SmallMachine['ssh'] } & Pick<
  SmallMachine,
  'recorded'
>;

/** What netform says about a text: without a machine as `validate`, with one as the first `plan` of the lab there. */
export function diagnose(
  text: string | Uint8Array,
  { file, live, ssh, recorded = [] }: About,
): { readonly diagnostics: readonly Diagnostic[]; readonly loaded: TopologyLoadResult } {
  const loaded = loadTopology(text, { file, vars: {}, varFile: null });
  if (!loaded.topology) return { diagnostics: checkDraft(loaded), loaded };
  const lab = elaborateTopology(loaded.topology, {});
  const found = [...lab.problems, ...checkLab(loaded.topology, lab, loaded.diagnostics)].filter(
    (one) => !loaded.isConsequence(one),
  );
  const about = [...loaded.diagnostics, ...found];
  const sound = about.every(({ severity }) => severity === 'warning');
  return {
    diagnostics: [...about, ...(live && sound ? againstMachine(lab, { file, live, ssh, recorded }) : [])],
    loaded,
  };
}

function againstMachine(
  lab: Lab,
  { file, live, ssh, recorded = [] }: About & { readonly live: LiveState },
): readonly Diagnostic[] {
  const goal: Goal = {
    kinds,
    lab: lab.name,
    uid: '00000000',
    desired: compileLab(lab),
    recorded: new Map(),
    foreign: 'refuse',
    heldByOthers: new Set(),
    extraQuery: machineQuery(lab),
  };
  const read = onlyAsked(live, goalQuery(goal));
  const { diagnostics, plan } = planFromLive(read, goal);
  const session = ssh ? { ...ssh, operations: operationsOf(plan), severity: 'error' as const } : null;
  return [...diagnostics, ...checkMachine(lab, read, { file, recorded, session, operations: operationsOf(plan) })];
}
