import { netnsIds, nftId, nftTable } from '../../model/ids.ts';
import { type Kind, markOf } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Resource } from '../../model/resource.ts';
import { defineKind } from '../define.ts';
import { describeNft } from './describe.ts';
import { extraTables } from './extras.ts';
import { observeNft } from './observe.ts';
import { scriptOf } from './script.ts';
import type { NftSpec } from './spec.ts';

const definition: Kind<NftSpec> = {
  name: 'nft',
  compile,
  wants: ({ netns, spec }, context) => ({
    netns: [netns],
    tables: [{ netns, table: spec.table, scripts: [scriptOf(spec, markOf(context))] }],
  }),
  observe: observeNft,
  immutable: ['netns', 'table'],
  steps: ({ netns, before, after }, phase, context) => {
    if (phase === 'delete') return before ? [[{ do: 'nft.delete', netns, table: before.table }]] : [];
    if (!after) return [];
    return [
      [{ do: 'nft.replace', netns, table: after.table, script: after.listing ?? scriptOf(after, markOf(context)) }],
    ];
  },
  describe: describeNft,
  released: () => null,
  extras: extraTables,
};

/** Address translation: one table of our own in each namespace that has `nat` or `portForwards`. */
export const nft = defineKind(definition);

function compile(lab: Lab): readonly Resource<NftSpec>[] {
  const nat = byNetns(lab.nat);
  const forwards = byNetns(lab.forwards);
  return [...new Set([...nat.keys(), ...forwards.keys()])].map((netns) => {
    const rules = nat.get(netns) ?? [];
    const published = forwards.get(netns) ?? [];
    return {
      kind: 'nft',
      id: nftId(netns, lab.name),
      netns,
      spec: {
        netns,
        table: nftTable(lab.name),
        nat: rules.map(({ kind, from, out, exceptTo, as }) => ({ kind, from, out, exceptTo, as })),
        forwards: published.map(({ family, address, ports, protocols, target, lan }) => ({
          ...{ family, address, ports, protocols, target, lan },
        })),
        altered: [],
      },
      dependsOn: netnsIds(netns),
      within: netnsIds(netns),
      origin: (rules[0] ?? published[0])?.at ?? null,
      note: null,
    };
  });
}

function byNetns<T extends { readonly netns: string }>(items: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.netns);
    if (group) group.push(item);
    else groups.set(item.netns, [item]);
  }
  return groups;
}
