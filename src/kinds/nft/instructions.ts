import type { Instruction } from '../../model/instruction.ts';
import { type KindContext, markOf } from '../../model/kind.ts';
import type { Operation } from '../../model/operation.ts';
import { nftScript } from './script.ts';
import type { NftSpec } from './spec.ts';
import { staleConntrack } from './stale-conntrack.ts';

/** The table in one transaction; then the connections that are still translated as the former rules said are forgotten. */
export function nftInstructions(
  { netns, action, before, after }: Operation<NftSpec>,
  phase: 'delete' | 'make',
  context: KindContext<NftSpec>,
): readonly (readonly Instruction[])[] {
  const old = action === 'create' ? null : before;
  if (phase === 'delete')
    return old ? [[{ do: 'nft.delete', netns, table: old.table }], ...forget(netns, old, null)] : [];
  if (!after || after.byOthers) return [];
  const script = after.listing ?? nftScript(after, markOf(context));
  return [
    [{ do: 'nft.replace', netns, table: after.table, script }],
    ...(action === 'update' && old ? forget(netns, old, after) : []),
  ];
}

function forget(netns: string, before: NftSpec, after: NftSpec | null): readonly (readonly Instruction[])[] {
  const flows = staleConntrack(before, after);
  return flows.length === 0 ? [] : [[{ do: 'flows.forget', netns, flows }]];
}
