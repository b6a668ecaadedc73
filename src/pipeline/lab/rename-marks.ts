import type { Instruction } from '../../model/instruction.ts';
import { type LiveState, mergeNeeds, type Need } from '../../model/kernel/need.ts';
import { type KindContext, labOfMark, type MarkInstructions, type StateEntry } from '../../model/kind.ts';
import type { Machine } from '../../model/machine.ts';
import type { Resource } from '../../model/resource.ts';
import type { State } from '../../model/state.ts';
import { kinds } from '../../registry/kinds.ts';

/** The record of a lab under another name, with the same uid. */
export const relabelState = (state: State, lab: string): State => ({
  ...state,
  lab,
  macSeed: state.macSeed ?? state.lab,
  resources: state.resources.map((entry) => ({ ...entry, ...kinds.get(entry.kind)?.relabel?.(entry, lab) })),
});

/** The entries of a state whose objects carry its mark, with the specs that were found. */
export function findMarked(machine: Machine, state: State): readonly StateEntry[] {
  const known = state.resources.flatMap((entry) => {
    const type = kinds.get(entry.kind);
    return type === undefined ? [] : [{ entry, type, resource: asResource(entry), context: contextOf(state, entry) }];
  });
  const live = machine.read(mergeNeeds(known.flatMap(({ type, resource, context }) => type.query(resource, context))));
  return known.flatMap(({ entry, type, resource, context }) => {
    const found = type.observe(live, resource, context);
    return found.owner === 'ours' && found.spec !== null ? [{ ...entry, spec: found.spec }] : [];
  });
}

const asResource = ({ before: _before, ...entry }: StateEntry): Resource => ({ ...entry, origin: null, note: null });

const contextOf = ({ lab, uid }: State, entry: StateEntry): KindContext => ({
  ...{ lab, uid },
  recorded: entry,
  interrupted: false,
});

/** A table that is there already under the name that a table of the state is about to get; null: none. */
export function findTakenTable(machine: Machine, state: State): string | null {
  const tables = markInstructions(state, ['copy']).flatMap((one) => (one.do === 'nft.replace' ? [one] : []));
  const live = machine.read(mergeNeeds(tables.flatMap(needsOf)));
  const taken = tables.find(({ netns, table, family = 'inet' }) =>
    live.get({ need: 'table-names', netns })?.includes(`${family} ${table}`),
  );
  return taken === undefined ? null : `a table ${taken.family ?? 'inet'} ${taken.table} in ${taken.netns}`;
}

/** Gives each object of a state its mark, or makes its copies, or deletes them; what is not there, or has another lab's mark, is left. */
export function executeMarks(
  machine: Machine,
  state: State,
  steps: readonly (keyof MarkInstructions)[],
): string | null {
  const all = markInstructions(state, steps);
  const live = machine.read(mergeNeeds(all.flatMap(needsOf)));
  const failures = machine.execute(all.filter((instruction) => isPossible(instruction, live, state)));
  const real = failures.find(({ instruction, code }) => !(instruction.do === 'file.unblock' && code === 'ENOENT'));
  return real === undefined ? null : `${real.message} [${real.code}] (${real.instruction.do})`;
}

const markInstructions = (state: State, steps: readonly (keyof MarkInstructions)[]): readonly Instruction[] =>
  steps.flatMap((step) =>
    state.resources.flatMap(
      (entry) => kinds.get(entry.kind)?.remark?.(entry.spec, contextOf(state, entry))[step] ?? [],
    ),
  );

function needsOf(instruction: Instruction): readonly Need[] {
  if (instruction.do === 'link.set') return [{ need: 'namespace', netns: instruction.netns }];
  return instruction.do === 'nft.delete' || instruction.do === 'nft.replace'
    ? [
        { need: 'namespace', netns: instruction.netns },
        { need: 'table-names', netns: instruction.netns },
      ]
    : [];
}

/** A link must carry a mark of the same uid; a table to delete must be there. */
function isPossible(instruction: Instruction, live: LiveState, { uid }: State): boolean {
  if (instruction.do === 'link.set') {
    const alias = live.get({ need: 'namespace', netns: instruction.netns })?.links.get(instruction.name)?.alias ?? null;
    return labOfMark(alias) !== null && (alias?.split(' ')[0]?.endsWith(`:${uid}`) ?? false);
  }
  if (instruction.do === 'nft.replace') return live.get({ need: 'namespace', netns: instruction.netns }) !== null;
  if (instruction.do !== 'nft.delete') return true;
  const names = live.get({ need: 'table-names', netns: instruction.netns }) ?? [];
  return names.includes(`${instruction.family ?? 'inet'} ${instruction.table}`);
}
