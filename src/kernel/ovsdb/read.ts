import type { OvsBridgeLive, OvsLive, OvsMirrorLive, OvsPortLive } from '../../model/kernel/ovs-live.ts';
import { type OvsdbRow, transact } from './rpc.ts';
import { entriesOf, uuidOf, valuesOf, vlansOfRow } from './values.ts';

/** The key of the mark among the external ids of bridges and ports. */
export const MARK_ID = 'netform';

/** The table with the one row that everything hangs on. */
export const ROOT = 'Open_vSwitch';

/** What the database at a socket holds. Throws ENOENT or ECONNREFUSED when no server is there. */
export function readOvs(socket: string): OvsLive {
  const [bridgeRows = [], portRows = [], mirrorRows = []] = transact(socket, [
    select('Bridge', ['name', 'external_ids', 'other_config', 'datapath_type', 'stp_enable', 'ports', 'mirrors']),
    select('Port', ['_uuid', 'name', 'external_ids', 'tag', 'trunks', 'vlan_mode']),
    select('Mirror', ['_uuid', 'name', 'external_ids', ...MIRROR_COLUMNS]),
  ]);
  const portById = new Map(portRows.map((row) => [uuidOf(row['_uuid']), row]));
  const nameOf = (id: string): string => String(portById.get(id)?.['name'] ?? id);
  const mirrorById = new Map(mirrorRows.map((row) => [uuidOf(row['_uuid']), row]));
  const bridges = new Map<string, OvsBridgeLive>();
  const ports = new Map<string, OvsPortLive>();
  const mirrors = new Map<string, OvsMirrorLive>();
  for (const row of bridgeRows) {
    const bridge = String(row['name']);
    for (const id of valuesOf(row['ports']).map(uuidOf)) {
      const port = portById.get(id);
      if (!port) continue;
      const vlans = vlansOfRow(port);
      if (port['name'] !== bridge) {
        ports.set(String(port['name']), { bridge, vlans, mark: entriesOf(port['external_ids']).get(MARK_ID) ?? null });
        continue;
      }
      bridges.set(bridge, {
        mark: entriesOf(row['external_ids']).get(MARK_ID) ?? null,
        datapath: String(row['datapath_type']),
        stp: row['stp_enable'] === true,
        mac: entriesOf(row['other_config']).get('hwaddr') ?? null,
        vlans,
      });
    }
    for (const id of valuesOf(row['mirrors']).map(uuidOf)) {
      const mirror = mirrorById.get(id);
      if (mirror) mirrors.set(`${bridge}/${mirror['name']}`, mirrorOfRow(mirror, nameOf));
    }
  }
  return { bridges, ports, mirrors };
}

const MIRROR_COLUMNS = ['select_all', 'select_src_port', 'select_dst_port', 'select_vlan', 'output_port'];

function mirrorOfRow(row: OvsdbRow, nameOf: (id: string) => string): OvsMirrorLive {
  const portsOf = (column: string) => valuesOf(row[column]).map(uuidOf).map(nameOf).toSorted();
  return {
    mark: entriesOf(row['external_ids']).get(MARK_ID) ?? null,
    all: row['select_all'] === true,
    arriving: portsOf('select_src_port'),
    leaving: portsOf('select_dst_port'),
    vlans: valuesOf(row['select_vlan'])
      .map(Number)
      .toSorted((a, b) => a - b),
    to: portsOf('output_port')[0] ?? null,
  };
}

/** Reads columns of all rows of a table. */
export const select = (table: string, columns: readonly string[]) => ({ op: 'select', table, where: [], columns });
