import { netnsIds, nftId, nftTable } from '../../model/ids.ts';
import { sameJson } from '../../model/json.ts';
import { type Kind, markOf } from '../../model/kind.ts';
import type { Lab } from '../../model/lab.ts';
import type { Resource } from '../../model/resource.ts';
import { groupBy } from '../../model/values/group-by.ts';
import { defineKind } from '../define-kind.ts';
import { disruptionOf } from '../disruption.ts';
import { describeNft } from './describe.ts';
import { allowsEquivalentRules } from './equivalent-rules.ts';
import { nftInstructions } from './instructions.ts';
import { observeNft } from './observe.ts';
import type { NftPart } from './part.ts';
import { familyOfTable, type NftSpec, rulesOfPart, tableKey } from './spec.ts';
import { staleConntrack } from './stale-conntrack.ts';
import { nftTableOf } from './table.ts';
import { findUnmanagedTables } from './unmanaged.ts';

/** The lab's own nftables table of the parts of one family: one in each namespace that has rules of any. */
export function defineNftKind(all: readonly NftPart[], family?: 'bridge'): Kind {
  const parts = all.filter((part) => part.family === family);
  const table = nftTableOf(parts);
  const definition: Kind<NftSpec> = {
    name: kindName(family),
    compile: (lab) => compile(lab, parts, family),
    query: ({ netns, spec }, context) => [
      { need: 'namespace', netns },
      {
        need: 'table',
        netns,
        key: tableKey(spec),
        scripts: [table.script(spec, markOf(context))],
        ...(context.recorded?.revision === undefined ? {} : { revision: context.recorded.revision }),
      },
      ...(allowsEquivalentRules(context) ? [{ need: 'ruleset', netns } as const] : []),
    ],
    observe: (live, resource, context) => observeNft(live, resource, { context, table }),
    immutable: ['netns', 'table'],
    instructions: (operation, phase, context) => nftInstructions(operation, phase, { context, table }),
    describe: (operation) => describeNft(operation, parts),
    // The table changes in one transaction; only connections that go on as the former rules said are deleted.
    disrupts: disruptionOf((before, after) =>
      staleConntrack(before, after, parts).length > 0 ? 'connections-lost' : 'none',
    ),
    opens: ({ before, after }) =>
      parts.some(
        (part) => part.opens?.(before ? rulesOfPart(before, part) : [], after ? rulesOfPart(after, part) : []) ?? false,
      ),
    restoreTo: ({ netns, spec }, live, machine) => {
      const isOwn = machine.get({ need: 'table', netns, key: tableKey(spec) })?.listing ?? null;
      return isOwn === null ? live : null;
    },
    deferTo: (wanted, found) =>
      found.byOthers && parts.every(({ name }) => sameJson(found[name], wanted[name]))
        ? { ...wanted, byOthers: true }
        : wanted,
    // Tables of every family are among those.
    ...(family === undefined ? { findUnmanaged: findUnmanagedTables } : {}),
    remark: ({ listing: _listing, ...spec }, context) => {
      if (spec.byOthers) return {};
      const { netns } = spec;
      const script = table.script(spec, markOf(context));
      return {
        copy: [{ do: 'nft.replace', netns, table: spec.table, ...familyOfTable(spec), script }],
        drop: [{ do: 'nft.delete', netns, table: spec.table, ...familyOfTable(spec) }],
      };
    },
    relabel: ({ netns, spec }, lab) => ({ id: tableId(netns, lab, family), spec: { ...spec, table: nftTable(lab) } }),
    exclusive: (spec, netns) =>
      netns === 'host' ? parts.flatMap((part) => part.exclusive?.(rulesOfPart(spec, part)) ?? []) : [],
  };
  return defineKind(definition);
}

const kindName = (family?: 'bridge'): string => (family === undefined ? 'nft' : `nft-${family}`);

const tableId = (netns: string, lab: string, family?: 'bridge'): string =>
  nftId(netns, lab).replace(/^nft/, kindName(family));

function compile(lab: Lab, parts: readonly NftPart[], family?: 'bridge'): readonly Resource<NftSpec>[] {
  const table = nftTable(lab.name);
  const known = new Set(parts.map(({ name }) => name));
  const all = [
    ...lab.nft.filter(({ part }) => known.has(part)),
    ...parts.flatMap(({ derived }) => derived?.(lab) ?? []),
  ];
  return [...groupBy(all, ({ netns }) => netns)].map(([netns, rules]) => {
    const byPart = parts
      .map((one) => ({ ...one, own: rules.filter(({ part }) => part === one.name) }))
      .filter(({ recordedEmpty, own }) => recordedEmpty || own.length > 0);
    return {
      kind: kindName(family),
      id: tableId(netns, lab.name, family),
      netns,
      spec: {
        netns,
        table,
        ...(family === undefined ? {} : { family }),
        ...Object.fromEntries(byPart.map(({ name, own }) => [name, own.map(({ rule }) => rule)])),
        altered: [],
      },
      dependsOn: netnsIds(netns),
      within: netnsIds(netns),
      origin: rules[0]?.at ?? null,
      note: null,
    };
  });
}
