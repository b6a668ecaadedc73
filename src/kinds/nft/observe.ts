import type { TableLive } from '../../model/kernel/live-state.ts';
import type { LiveState } from '../../model/kernel/need.ts';
import { type KindContext, markOf } from '../../model/kind.ts';
import type { Observation, Resource } from '../../model/resource.ts';
import {
  absentObservation,
  blockingObservation,
  markOwner,
  orphanObservation,
  ownObservation,
} from '../observation.ts';
import { observeEquivalentRules } from './equivalent-rules.ts';
import { type NftSpec, tableKey } from './spec.ts';
import type { NftTable } from './table.ts';

/**
 * The table is what the wanted script gives, or what the recorded one gives, or one of these altered by hand:
 * then with the lines that differ. The machine says which, by loading the scripts elsewhere.
 */
export function observeNft(
  live: LiveState,
  resource: Resource<NftSpec>,
  { context, table: { parts, script } }: { readonly context: KindContext<NftSpec>; readonly table: NftTable },
): Observation<NftSpec> {
  const { spec } = resource;
  const table = live.get({ need: 'table', netns: resource.netns, key: tableKey(spec) });
  if (!table || table.listing === null)
    return observeEquivalentRules(live, resource, { context, parts }) ?? absentObservation;
  const mark = markOf(context);
  const recorded = context.recorded?.spec ?? spec;
  const isWhole = (one: NftSpec): boolean => one.listing === undefined && table.same.includes(script(one, mark));
  const known = [spec, recorded].find(isWhole);
  const found = known ?? alteredBy(table.listing, table, { spec, recorded, script: script(recorded, mark) });
  const revision = known && table.revision !== undefined ? { revision: table.revision } : {};
  if (table.listing.includes(`comment "${mark}"`)) return { ...ownObservation(found), ...revision };
  const whose = markOwner(table.listing);
  if (context.recorded && !table.listing.includes('netform:v1:')) return orphanObservation(found, whose);
  return blockingObservation(
    found,
    whose,
    `nft delete table ${spec.family ?? 'inet'} ${spec.table} removes it, from inside ${resource.netns}`,
  );
}

type NftTableComparison = { readonly spec: NftSpec; readonly recorded: NftSpec; readonly script: string };

function alteredBy(listing: string, table: TableLive, { spec, recorded, script }: NftTableComparison): NftSpec {
  if (spec.listing === listing) return spec;
  return { ...recorded, altered: alterations(listing, table, script), listing };
}

function alterations(listing: string, table: TableLive, script: string): readonly string[] {
  const there = listingLines(listing);
  const wanted = listingLines(table.wanted.get(script) ?? '');
  const lines = [
    ...subtractCountedLines(there, wanted).map((line) => `+ ${line}`),
    ...subtractCountedLines(wanted, there).map((line) => `- ${line}`),
  ];
  return lines.length > 0 ? lines : ['~ the order of its lines'];
}

/** Rules, and the elements of maps and sets one by one, as nft lists them. */
const listingLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/^elements = \{ (.*?)(?:,| \})$/, '$1')
        .replace(/(?:,| \})$/, ''),
    )
    .filter((line) => line !== '');

/** The lines of one list that the other has not, or not as often. */
function subtractCountedLines(lines: readonly string[], others: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of others) counts.set(line, (counts.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const left = counts.get(line) ?? 0;
    counts.set(line, left - 1);
    return left <= 0;
  });
}
