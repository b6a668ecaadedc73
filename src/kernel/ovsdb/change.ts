import type { OvsVlans } from '../../model/kernel/ovs-live.ts';
import { awaitApplied } from './applied.ts';
import { MARK_ID, ROOT, readOvs, select } from './read.ts';
import { type OvsdbOperation, transact } from './rpc.ts';
import { mapOf, setOf, vlanColumns } from './values.ts';

/** A bridge as rows. */
export type OvsBridge = {
  readonly name: string;
  readonly mark: string;
  readonly mac: string;
  readonly mtu: number;
  readonly stp: boolean;
  readonly vlans: OvsVlans;
};

/** A port of a bridge as rows. */
export type OvsPort = {
  readonly name: string;
  readonly bridge: string;
  readonly mark: string;
  readonly vlans: OvsVlans;
};

/** Changes of one database: bridges and ports are there as said, or gone. */
export type OvsChanges = {
  readonly bridges: readonly OvsBridge[];
  readonly ports: readonly OvsPort[];
  readonly goneBridges: readonly string[];
  readonly gonePorts: readonly string[];
};

/**
 * Makes all changes in one transaction, and waits until the switch has made them, unless it does not run (`isRunning`). Throws with the switch's
 * words when it could not open a port.
 */
export function changeOvs(socket: string, changes: OvsChanges, isRunning: boolean): void {
  const { bridges, ports, goneBridges, gonePorts } = changes;
  const there = readOvs(socket);
  const [[root] = []] = transact(socket, [select(ROOT, ['_uuid'])]);
  const operations = [
    ...(root ? [] : [{ op: 'insert', table: ROOT, row: {} }]),
    ...gonePorts.flatMap((name) => {
      const port = there.ports.get(name);
      return port ? detach('Bridge', byName(port.bridge), 'ports', portId(name)) : [];
    }),
    ...goneBridges.filter((name) => there.bridges.has(name)).flatMap(removeBridge),
    ...bridges.flatMap((bridge, i) => (there.bridges.has(bridge.name) ? updateBridge(bridge) : addBridge(bridge, i))),
    ...ports.flatMap((port, i) => (there.ports.has(port.name) ? updatePort(port) : addPort(port, i))),
    { op: 'mutate', table: ROOT, where: [], mutations: [['next_cfg', '+=', 1]] },
    select(ROOT, ['next_cfg']),
  ];
  // Rows that nothing names go at the end of a transaction: ids of those to be detached are looked up before.
  const ids = idsOf(socket);
  const rows = transact(
    socket,
    operations.map((one) => withIds(one, ids)),
  );
  const wanted = Number(rows.at(-1)?.[0]?.['next_cfg'] ?? 0);
  if (isRunning)
    awaitApplied(
      socket,
      wanted,
      [...bridges, ...ports].map(({ name }) => name),
    );
}

const byName = (name: string) => [['name', '==', name]];

/** Stands for the id of a port until it is looked up. */
const portId = (name: string) => ({ idOf: name, table: 'Port' });
const bridgeId = (name: string) => ({ idOf: name, table: 'Bridge' });

const detach = (table: string, where: unknown, column: string, id: object): readonly OvsdbOperation[] => [
  { op: 'mutate', table, where, mutations: [[column, 'delete', setOf([id as never])]] },
];

const removeBridge = (name: string): readonly OvsdbOperation[] => detach(ROOT, [], 'bridges', bridgeId(name));

const bridgeColumns = ({ mark, mac, stp }: OvsBridge) => ({
  datapath_type: 'netdev',
  stp_enable: stp,
  external_ids: mapOf({ [MARK_ID]: mark }),
  other_config: mapOf({ hwaddr: mac }),
});

/** A bridge has a port and an interface of its own name, which is the link that the machine sees. */
const addBridge = (bridge: OvsBridge, i: number): readonly OvsdbOperation[] => [
  {
    ...{ op: 'insert', table: 'Interface', 'uuid-name': `bi${i}` },
    row: { name: bridge.name, type: 'internal', mtu_request: bridge.mtu },
  },
  {
    ...{ op: 'insert', table: 'Port', 'uuid-name': `bp${i}` },
    row: { name: bridge.name, interfaces: ['named-uuid', `bi${i}`], ...vlanColumns(bridge.vlans) },
  },
  {
    ...{ op: 'insert', table: 'Bridge', 'uuid-name': `br${i}` },
    row: { name: bridge.name, ports: ['named-uuid', `bp${i}`], ...bridgeColumns(bridge) },
  },
  { op: 'mutate', table: ROOT, where: [], mutations: [['bridges', 'insert', setOf([['named-uuid', `br${i}`]])]] },
];

const updateBridge = (bridge: OvsBridge): readonly OvsdbOperation[] => [
  { op: 'update', table: 'Bridge', where: byName(bridge.name), row: bridgeColumns(bridge) },
  { op: 'update', table: 'Port', where: byName(bridge.name), row: vlanColumns(bridge.vlans) },
  { op: 'update', table: 'Interface', where: byName(bridge.name), row: { mtu_request: bridge.mtu } },
];

const portColumns = ({ mark, vlans }: OvsPort) => ({ external_ids: mapOf({ [MARK_ID]: mark }), ...vlanColumns(vlans) });

const addPort = (port: OvsPort, i: number): readonly OvsdbOperation[] => [
  { op: 'insert', table: 'Interface', 'uuid-name': `pi${i}`, row: { name: port.name } },
  {
    ...{ op: 'insert', table: 'Port', 'uuid-name': `pp${i}` },
    row: { name: port.name, interfaces: ['named-uuid', `pi${i}`], ...portColumns(port) },
  },
  {
    ...{ op: 'mutate', table: 'Bridge', where: byName(port.bridge) },
    mutations: [['ports', 'insert', setOf([['named-uuid', `pp${i}`]])]],
  },
];

const updatePort = (port: OvsPort): readonly OvsdbOperation[] => [
  { op: 'update', table: 'Port', where: byName(port.name), row: portColumns(port) },
];

type RowIds = { readonly [table: string]: ReadonlyMap<string, unknown> };

function idsOf(socket: string): RowIds {
  const [ports = [], bridges = []] = transact(
    socket,
    ['Port', 'Bridge'].map((table) => select(table, ['_uuid', 'name'])),
  );
  const byNameOf = (rows: typeof ports) => new Map(rows.map((row) => [String(row['name']), row['_uuid']]));
  return { Port: byNameOf(ports), Bridge: byNameOf(bridges) };
}

const withIds = (operation: OvsdbOperation, ids: RowIds): OvsdbOperation =>
  JSON.parse(JSON.stringify(operation), (_key, value) =>
    value !== null && typeof value === 'object' && 'idOf' in value ? ids[value.table]?.get(value.idOf) : value,
  );
