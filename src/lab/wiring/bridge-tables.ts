import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atValue } from '../../model/diagnostics/source-location.ts';
import type { LabFdbEntry, LabPort } from '../../model/lab-parts/lab-port.ts';
import type { TopologyFdbEntry, TopologyRef, TopologyValue } from '../../model/topology.ts';
import { DEFAULT_VLAN } from '../../net/vlan.ts';
import { didYouMeanHint, formatRef } from '../messages.ts';
import type { LabDiagnosticReporter, ModelLink, ModelWiring } from '../model.ts';
import { resolveVlanRef } from './vlan-members.ts';

/** The entries of the tables of bridges, by bridge; only bridges that have some. */
export function resolveTables(
  wiring: ModelWiring,
  report: LabDiagnosticReporter,
): ReadonlyMap<ModelLink, Pick<LabPort, 'fdb' | 'mdb'>> {
  const portOf = portFinder(wiring);
  return new Map(
    wiring.bridges.flatMap((bridge): readonly (readonly [ModelLink, Pick<LabPort, 'fdb' | 'mdb'>])[] => {
      const context = { bridge, wiring, portOf, report };
      const fdb = (bridge.bridge?.fdb ?? []).flatMap((entry) =>
        resolveEntry(entry, context).map((place) => ({ ...place, mac: entry.mac.value })),
      );
      const mdb = (bridge.bridge?.mdb ?? []).flatMap((entry) =>
        resolveEntry(entry, context).map((place) => ({ ...place, group: entry.group.value })),
      );
      if (fdb.length + mdb.length === 0) return [];
      return [[bridge, { ...(fdb.length > 0 ? { fdb } : {}), ...(mdb.length > 0 ? { mdb } : {}) }]];
    }),
  );
}

/** Finds the port of a bridge that `namespace:interface` has there, or a link of the bridge's own namespace; null: it has none. */
export function portFinder(wiring: ModelWiring): (bridge: ModelLink, ref: TopologyRef) => ModelLink | null {
  const opposite = new Map(
    wiring.vethPairs.flatMap(({ ends: [left, right] }) => [[left, right] as const, [right, left] as const]),
  );
  return (bridge, { name, part }) => {
    const link = wiring.devices.get(part === null ? bridge.netns : name)?.get(part ?? name);
    return [link, link && opposite.get(link)].find((one) => one?.master === bridge) ?? null;
  };
}

type EntryContext = {
  readonly bridge: ModelLink;
  readonly wiring: ModelWiring;
  readonly portOf: (bridge: ModelLink, ref: TopologyRef) => ModelLink | null;
  readonly report: LabDiagnosticReporter;
};

function resolveEntry(
  entry: Omit<TopologyFdbEntry, 'mac'>,
  context: EntryContext,
): readonly Omit<LabFdbEntry, 'mac'>[] {
  const { bridge, wiring, portOf, report } = context;
  const port = entry.port ? portOf(bridge, entry.port.value) : bridge;
  if (!port) {
    if (entry.port && !wiring.broken.has(entry.port.value.name)) report(unknownPort(context, entry.port));
    return [];
  }
  const members = wiring.vlans.members.get(port);
  if (entry.vlan && !members) {
    const message = `${bridge.label} does not keep VLANs apart, so its entries are of none`;
    report(makeDiagnostic('port-vlans', atValue(entry.vlan.at), message, { hint: 'leave the VLAN out' }));
  }
  const written = entry.vlan && members && resolveVlanRef(bridge, entry.vlan, report);
  const vlan = members ? (written?.[0] ?? members.untagged ?? DEFAULT_VLAN) : null;
  return [{ dev: port.name, vlan, at: entry.at }];
}

/** The mistake of naming an interface that has no port on that bridge. */
export function unknownPort(
  { bridge, wiring }: { readonly bridge: ModelLink; readonly wiring: ModelWiring },
  { value, at }: TopologyValue<TopologyRef>,
): ReturnType<typeof makeDiagnostic> {
  const ports = wiring.vethPairs.flatMap(({ ends: [left, right] }) => [
    ...(right.master === bridge && left.master !== bridge ? [`${left.netns}:${left.label}`] : []),
    ...(left.master === bridge ? [left.label] : []),
  ]);
  const hint = didYouMeanHint(formatRef(value), ports, `ports of ${bridge.label}`);
  return makeDiagnostic('unknown-port', atValue(at), `${bridge.label} has no port for ${formatRef(value)}`, { hint });
}

/** The entry of `unknown-port` in docs/checks.md. */
export const unknownPortDoc: CheckDoc = {
  name: 'unknown-port',
  code: 'NF2020',
  title: 'Unknown port',
  explain: 'An entry of a table of a bridge, a flow or a mirror names an interface that has no port on that bridge.',
  bad: `
bridges: { lan: { fdb: [{ mac: "02:00:00:00:00:05", port: "red:eth1" }] } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
`,
  good: `
bridges: { lan: { fdb: [{ mac: "02:00:00:00:00:05", port: "red:eth0" }] } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
`,
};
