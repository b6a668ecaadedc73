import { isOfOpenVswitch } from '../../kinds/links/ovs/vlans.ts';
import type { LabModel, ModelLink } from '../../lab/model.ts';
import type { FeatureContext } from '../../lab/registers.ts';
import { portFinder, unknownPort } from '../../lab/wiring/bridge-tables.ts';
import { resolveVlanRef } from '../../lab/wiring/vlan-members.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { atKey, type Path } from '../../model/diagnostics/source-location.ts';
import type { TopologyRef, TopologyValue } from '../../model/topology.ts';
import { parseRef } from '../../source/normalise/name.ts';
import {
  type LabMirror,
  type LabSwitchFlows,
  type LabSwitchRules,
  type TopologyMirror,
  writtenSwitchRules,
} from './topology.ts';

/** The flows and mirrors with the kernel's names of ports. What names no port is reported and left out. */
export function resolveSwitchRules({ world }: Pick<FeatureContext, 'world'>): LabSwitchRules {
  const portOf = portFinder(world.wiring);
  const all = writtenSwitchRules(world.topology).flatMap(({ netns, bridge: label, flows, mirrors }) => {
    const bridge = world.wiring.bridges.find((one) => one.netns === netns && one.label === label);
    if (!bridge) return [];
    const place: SwitchPlace = { world, bridge, find: (ref) => findPort(world, { bridge, ref, portOf }) };
    if (!isOfOpenVswitch(bridge.own)) {
      const words = [...(flows ? [{ word: 'flows', at: flows.at }] : []), ...firstMirror(mirrors)];
      for (const one of words) world.report(ofOpenVswitch(one, label));
      return [];
    }
    return [{ place, flows, mirrors }];
  });
  return {
    flows: all.flatMap(({ place, flows }) => (flows ? [resolveFlows(flows, place)] : [])),
    mirrors: all.flatMap(({ place, mirrors }) => mirrors.flatMap((mirror) => resolveMirror(mirror, place))),
  };
}

const firstMirror = (mirrors: readonly TopologyMirror[]): readonly { readonly word: string; readonly at: Path }[] =>
  mirrors.slice(0, 1).map(({ at }) => ({ word: 'mirrors', at: at.slice(0, -1) }));

const ofOpenVswitch = ({ word, at }: { readonly word: string; readonly at: Path }, label: string) =>
  makeDiagnostic('bad-value', atKey(at), `${word} are of Open vSwitch; ${label} is a bridge of the kernel`, {
    hint: 'leave them out, or write `kind: ovs` at the bridge',
  });

type SwitchPlace = {
  readonly world: LabModel;
  readonly bridge: ModelLink;
  /** The port that a reference names, or the bridge itself; null: there is none, which was reported. */
  readonly find: (ref: TopologyValue<TopologyRef>) => string | null;
};

function findPort(
  { wiring, report }: LabModel,
  {
    bridge,
    ref,
    portOf,
  }: {
    readonly bridge: ModelLink;
    readonly ref: TopologyValue<TopologyRef>;
    readonly portOf: ReturnType<typeof portFinder>;
  },
): string | null {
  const { name, part } = ref.value;
  if ((part === null && name === bridge.label) || (name === bridge.netns && part === bridge.label)) return bridge.name;
  const port = portOf(bridge, ref.value);
  if (!port && !wiring.broken.has(name)) report(unknownPort({ bridge, wiring }, ref));
  return port?.name ?? null;
}

/** A name in quotes is a port. */
const QUOTED = /"([^"]*)"/g;

function resolveFlows(
  { items, at }: { readonly items: readonly TopologyValue<string>[]; readonly at: Path },
  { bridge, find }: SwitchPlace,
): LabSwitchFlows {
  const ports = new Set<string>();
  const flows = items.flatMap(({ value, at }) => {
    const names = new Map(
      [...value.matchAll(QUOTED)].map(([, written = '']) => {
        const ref = parseRef(written) ?? { name: written, part: null };
        return [written, find({ value: ref, at })] as const;
      }),
    );
    if ([...names.values()].includes(null)) return [];
    for (const name of names.values()) if (name !== null && name !== bridge.name) ports.add(name);
    return [{ text: value.replaceAll(QUOTED, (_all, written: string) => `"${names.get(written)}"`), at }];
  });
  return { netns: bridge.netns, bridge: bridge.name, flows, ports: [...ports], at };
}

function resolveMirror(mirror: TopologyMirror, { world, bridge, find }: SwitchPlace): readonly LabMirror[] {
  const { name, at, direction } = mirror;
  const to = find(mirror.to);
  const of = mirror.of?.map(find) ?? [];
  const ranges = mirror.vlans?.map((vlan) => resolveVlanRef(bridge, vlan, world.report)) ?? [];
  if (to === null || of.includes(null) || ranges.includes(null)) return [];
  const ports = of.filter((one) => one !== null).toSorted();
  const vlans = ranges.flatMap((range) =>
    range === null ? [] : Array.from({ length: range[1] - range[0] + 1 }, (_, i) => range[0] + i),
  );
  return [
    {
      netns: bridge.netns,
      bridge: bridge.name,
      name,
      all: mirror.of === null,
      arriving: direction === 'out' ? [] : ports,
      leaving: direction === 'in' ? [] : ports,
      vlans: [...new Set(vlans)].toSorted((a, b) => a - b),
      to,
      at,
    },
  ];
}
