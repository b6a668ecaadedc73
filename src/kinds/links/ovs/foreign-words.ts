import type { LabCheck } from '../../../model/diagnostics/check-doc.ts';
import { type Diagnostic, makeDiagnostic } from '../../../model/diagnostics/diagnostic.ts';
import { atKey, atValue, type SourceLocation } from '../../../model/diagnostics/source-location.ts';
import type { Topology, TopologyBridge } from '../../../model/topology.ts';

/** Words of bridges of the kernel at one that is Open vSwitch's. */
export const foreignWords: LabCheck = {
  name: 'foreign-words',
  code: 'NF2019',
  title: 'Not a word of Open vSwitch',
  explain:
    'Tables (`fdb`, `mdb`), addresses of the bridge in a VLAN, and the settings of a port apart from its VLANs are of bridges of the kernel. A bridge with `kind: ovs` has none of them. It can have an address itself, and a router can have a port in each VLAN.',
  bad: `
bridges: { sw1: { kind: ovs } }
namespaces: { red: { interfaces: { eth0: { bridge: sw1, port: { isolated: true } } } } }
`,
  good: `
bridges: { sw1: { kind: ovs, vlans: { red: 10 } } }
namespaces: { red: { interfaces: { eth0: { bridge: sw1, port: { access: red } } } } }
`,
  find: (topology) => [...bridgesOf(topology).values()].flatMap(bridgeWords).concat(portWords(topology)),
};

/** The bridges of this kind, by `<namespace>:<name>`. */
const bridgesOf = ({ host, namespaces }: Topology): ReadonlyMap<string, TopologyBridge> =>
  new Map(
    [host, ...namespaces].flatMap(({ name: netns, bridges }) =>
      bridges.flatMap((bridge) => (bridge.own.kind === 'ovs' ? [[`${netns}:${bridge.name}`, bridge] as const] : [])),
    ),
  );

const bridgeWords = ({ name, at, fdb, mdb, vlans }: TopologyBridge): readonly Diagnostic[] => [
  ...(fdb.length > 0 ? [diagnosticOf(atKey([...at, 'fdb']), name, 'no fdb')] : []),
  ...(mdb.length > 0 ? [diagnosticOf(atKey([...at, 'mdb']), name, 'no mdb')] : []),
  ...vlans.vlans.flatMap(({ addresses: [first], name: vlan }) =>
    first ? [diagnosticOf(atValue(first.at), name, `no address in the VLAN ${vlan}`)] : [],
  ),
];

function portWords(topology: Topology): readonly Diagnostic[] {
  const bridges = bridgesOf(topology);
  if (bridges.size === 0) return [];
  return [topology.host, ...topology.namespaces].flatMap(({ name: netns, interfaces }) =>
    interfaces.flatMap(({ bridge, port }) => {
      if (!bridge || !port) return [];
      const { name, part } = bridge.value;
      const places = part === null ? [`${netns}:${name}`, `host:${name}`] : [`${name}:${part}`];
      if (!places.some((place) => bridges.has(place))) return [];
      return Object.values(port.values).flatMap((value) => {
        const word = value?.at.at(-1);
        return value ? [diagnosticOf(atKey(value.at), part ?? name, `no ${word} at a port`)] : [];
      });
    }),
  );
}

const diagnosticOf = (at: SourceLocation, bridge: string, lacks: string): Diagnostic =>
  makeDiagnostic('foreign-words', at, `${bridge} is of Open vSwitch, and has ${lacks}`, {
    hint: 'leave it out, or make it a bridge of the kernel: leave out `kind`',
  });
