import { checkLab, checkMachine } from '../../src/checks/index.ts';
import { planFrom } from '../../src/engine/plan.ts';
import { compileLab, kinds } from '../../src/kinds/index.ts';
import { elaborate } from '../../src/lab/elaborate.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { Lab } from '../../src/model/lab.ts';
import type { Live } from '../../src/model/live.ts';
import { operationsOf } from '../../src/model/operation.ts';
import { type Loaded, loadTopology } from '../../src/source/load.ts';
import type { SmallMachine } from './live.ts';

type About = { readonly file: string; readonly live: Live | null; readonly ssh?: SmallMachine['ssh'] };

/** What netform says about a text: without a machine as `validate`, with one as the first `plan` of the lab there. */
export function diagnose(
  text: string | Uint8Array,
  { file, live, ssh }: About,
): { readonly diagnostics: readonly Diagnostic[]; readonly loaded: Loaded } {
  const loaded = loadTopology(text, { file, vars: {}, varFile: null });
  if (!loaded.topology) return { diagnostics: loaded.diagnostics, loaded };
  const lab = elaborate(loaded.topology, {});
  const about = [...loaded.diagnostics, ...lab.problems, ...checkLab(loaded.topology, lab)];
  const sound = about.every(({ severity }) => severity === 'warning');
  return { diagnostics: [...about, ...(live && sound ? againstMachine(lab, live, ssh) : [])], loaded };
}

function againstMachine(lab: Lab, live: Live, ssh: About['ssh']): readonly Diagnostic[] {
  const { diagnostics, plan } = planFrom(live, {
    kinds,
    lab: lab.name,
    uid: '00000000',
    desired: compileLab(lab),
    recorded: new Map(),
    foreign: 'refuse',
    heldByOthers: new Set(),
    extraQuery: {},
  });
  const session = ssh ? { ...ssh, operations: operationsOf(plan), severity: 'error' as const } : null;
  return [...diagnostics, ...checkMachine(lab, live, { recorded: [], session })];
}
