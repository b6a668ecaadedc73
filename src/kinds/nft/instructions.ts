import type { Instruction } from '../../model/instruction.ts';
import { type KindContext, markOf } from '../../model/kind.ts';
import type { Operation } from '../../model/operation.ts';
import { nftTableChanges } from '../../net/nft-table-changes.ts';
import type { NftPart } from './part.ts';
import { familyOfTable, type NftSpec } from './spec.ts';
import { staleConntrack } from './stale-conntrack.ts';
import type { NftTable } from './table.ts';

/**
 * The table in one transaction, by its chains and elements that differ; then the conntrack entries that are still translated
 * as the former rules said are deleted.
 */
export function nftInstructions(
  { netns, action, before, after, takenFrom }: Operation<NftSpec>,
  phase: 'delete' | 'make',
  { context, table }: { readonly context: KindContext<NftSpec>; readonly table: NftTable },
): readonly (readonly Instruction[])[] {
  const old = action === 'create' ? null : before;
  if (phase === 'delete')
    return old
      ? [[{ do: 'nft.delete', netns, table: old.table, ...familyOfTable(old) }], ...forget(old, null, table.parts)]
      : [];
  if (!after || after.byOthers) return [];
  const script = after.listing ?? table.script(after, markOf(context));
  const changes =
    action === 'update' && takenFrom === undefined && old && isWhole(old) && isWhole(after)
      ? nftTableChanges(`${after.family ?? 'inet'} ${after.table}`, table.script(old, markOf(context)), script)
      : null;
  return [
    [
      {
        do: 'nft.replace',
        netns,
        table: after.table,
        ...familyOfTable(after),
        script,
        ...(changes === null ? {} : { changes }),
      },
    ],
    ...(action === 'update' && old ? forget(old, after, table.parts) : []),
  ];
}

/** Exactly the table of its script: not altered by hand, and not left to others. */
const isWhole = ({ listing, byOthers, altered }: NftSpec): boolean =>
  listing === undefined && byOthers !== true && altered.length === 0;

function forget(
  before: NftSpec,
  after: NftSpec | null,
  parts: readonly NftPart[],
): readonly (readonly Instruction[])[] {
  const flows = staleConntrack(before, after, parts);
  return flows.length === 0 ? [] : [[{ do: 'flows.forget', netns: before.netns, flows }]];
}
