import type { OvsMirror } from '../../model/kernel/ovs-live.ts';
import { awaitApplied } from './applied.ts';
import { MARK_ID, ROOT, select } from './read.ts';
import { type OvsdbOperation, type OvsdbRow, transact } from './rpc.ts';
import { mapOf, setOf, uuidOf, valuesOf } from './values.ts';

/** A mirror as a row: its name is unique among those of its bridge. */
export type OvsMirrorRow = OvsMirror & OvsMirrorName & { readonly mark: string };

type OvsMirrorName = { readonly bridge: string; readonly name: string };

/** Mirrors that are there as said, or gone. */
export type OvsMirrorChanges = {
  readonly mirrors: readonly OvsMirrorRow[];
  readonly gone: readonly OvsMirrorName[];
};

/**
 * Makes all changes in one transaction, and waits until the switch has made them, unless it does not run (`isRunning`). The ports are
 * there. A mirror that changes is another row in the place of the first.
 */
export function changeMirrors(socket: string, { mirrors, gone }: OvsMirrorChanges, isRunning: boolean): void {
  const [bridges = [], rows = [], ports = []] = transact(socket, [
    select('Bridge', ['name', 'mirrors']),
    select('Mirror', ['_uuid', 'name']),
    select('Port', ['_uuid', 'name']),
  ]);
  const portIds = new Map(ports.map((row) => [String(row['name']), row['_uuid']]));
  const former = [...mirrors, ...gone].flatMap(({ bridge, name }) => {
    const row = bridges.find((one) => one['name'] === bridge);
    const named = rows.filter((one) => one['name'] === name).map((one) => uuidOf(one['_uuid']));
    return valuesOf(row?.['mirrors'])
      .filter((id) => named.includes(uuidOf(id)))
      .map((id) => ({ bridge, id }));
  });
  const results = transact(socket, [
    ...former.map(({ bridge, id }) => mutateMirrors(bridge, 'delete', [id])),
    ...mirrors.flatMap((mirror, i) => [
      { op: 'insert', table: 'Mirror', 'uuid-name': `m${i}`, row: mirrorColumns(mirror, portIds) },
      mutateMirrors(mirror.bridge, 'insert', [['named-uuid', `m${i}`]]),
    ]),
    { op: 'mutate', table: ROOT, where: [], mutations: [['next_cfg', '+=', 1]] },
    select(ROOT, ['next_cfg']),
  ]);
  if (isRunning) awaitApplied(socket, Number(results.at(-1)?.[0]?.['next_cfg'] ?? 0), []);
}

const mutateMirrors = (bridge: string, how: string, ids: Parameters<typeof setOf>[0]): OvsdbOperation => ({
  op: 'mutate',
  table: 'Bridge',
  where: [['name', '==', bridge]],
  mutations: [['mirrors', how, setOf(ids)]],
});

function mirrorColumns(
  { name, mark, all, arriving, leaving, vlans, to }: OvsMirrorRow,
  portIds: ReadonlyMap<string, OvsdbRow[string] | undefined>,
): OvsdbRow {
  const idsOf = (names: readonly string[]) =>
    setOf(names.map((one) => portIds.get(one)).filter((id) => id !== undefined));
  return {
    name,
    external_ids: mapOf({ [MARK_ID]: mark }),
    select_all: all,
    select_src_port: idsOf(arriving),
    select_dst_port: idsOf(leaving),
    select_vlan: setOf(vlans),
    output_port: idsOf(to === null ? [] : [to]),
  };
}
