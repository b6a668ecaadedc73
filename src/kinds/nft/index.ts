import { netnsIds, nftId, nftTable } from '../../model/ids.ts';
import { sameJson } from '../../model/json.ts';
import { type Kind, markOf } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Resource } from '../../model/resource.ts';
import { defineKind } from '../define-kind.ts';
import { describeNft } from './describe.ts';
import { allowsEquivalentRules } from './equivalent-rules.ts';
import { nftInstructions } from './instructions.ts';
import { observeNft } from './observe.ts';
import { nftScript } from './script.ts';
import type { NftSpec } from './spec.ts';
import { findUnmanagedTables } from './unmanaged.ts';

const definition: Kind<NftSpec> = {
  name: 'nft',
  compile,
  query: ({ netns, spec }, context) => ({
    netns: [netns],
    tables: [{ netns, table: spec.table, scripts: [nftScript(spec, markOf(context))] }],
    ...(allowsEquivalentRules(context) ? { rulesets: [netns] } : {}),
  }),
  observe: observeNft,
  immutable: ['netns', 'table'],
  instructions: nftInstructions,
  describe: describeNft,
  restoreTo: ({ netns, spec }, live, machine) => {
    const isOwn = machine.netns.get(netns)?.tables.get(spec.table)?.listing ?? null;
    return isOwn === null ? live : null;
  },
  deferTo: (wanted, found) =>
    found.byOthers && sameJson(found.nat, wanted.nat) && sameJson(found.forwards, wanted.forwards)
      ? { ...wanted, byOthers: true }
      : wanted,
  findUnmanaged: findUnmanagedTables,
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
