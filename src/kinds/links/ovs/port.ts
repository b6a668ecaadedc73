import { cableId, linkId } from '../../../model/ids.ts';
import type { Instruction } from '../../../model/instruction.ts';
import type { Spec } from '../../../model/json.ts';
import type { LiveState } from '../../../model/kernel/need.ts';
import type { OvsVlans } from '../../../model/kernel/ovs-live.ts';
import { type Kind, type KindContext, markOf } from '../../../model/kind.ts';
import type { Lab } from '../../../model/lab.ts';
import type { Operation, PlanLine } from '../../../model/operation.ts';
import type { Observation, Resource } from '../../../model/resource.ts';
import { ovsSocket } from '../../../programs/openvswitch.ts';
import { defineKind } from '../../define-kind.ts';
import { absentObservation, blockingObservation, markOwner } from '../../observation.ts';
import { changesText, planLine } from '../../plan-line.ts';
import { ALL_VLANS, ovsVlans } from './vlans.ts';

type OvsPortSpec = {
  readonly netns: string;
  readonly name: string;
  readonly bridge: string;
  readonly vlans: OvsVlans & Spec;
  /** The other end of its cable, which must write the checksums of what it sends itself; null: it is not a cable's. */
  readonly end: { readonly netns: string; readonly name: string } | null;
  /** Whether that end leaves them to its device, which a switch in user space never gets to see. */
  readonly isOffloaded: boolean;
};

const kind: Kind<OvsPortSpec> = {
  name: 'ovs-port',
  compile,
  query: ({ netns, spec: { end } }, { lab }) => [
    { need: 'open-vswitch', key: ovsSocket(lab, netns) },
    ...(end === null ? [] : [{ need: 'tx-checksum', netns: end.netns, key: end.name } as const]),
  ],
  observe,
  immutable: ['bridge', 'end'],
  instructions,
  describe,
  disrupts: ({ action }) => (action === 'create' || action === 'update' ? 'none' : 'gone-for-a-moment'),
  restoreTo: () => null,
  boundToLabName: 'an Open vSwitch with paths of its name',
};

/** A port of the private Open vSwitch. */
export const ovsPort = defineKind(kind);

/** The id of a port of a bridge of Open vSwitch: `ovs-port:host/red-eth0`. */
export const ovsPortId = (netns: string, name: string): string => `ovs-port:${netns}/${name}`;

function compile(lab: Lab): readonly Resource<OvsPortSpec>[] {
  const bridges = new Map(
    lab.bridges.flatMap((link) => (link.kind === 'ovs' ? [[`${link.netns}/${link.name}`, link]] : [])),
  );
  const cables = lab.cables.flatMap((cable) => {
    const [near, far] = cable.ends;
    const id = cableId(cable);
    return [
      { port: near, end: far, id, at: cable.at },
      { port: far, end: near, id, at: cable.at },
    ];
  });
  const others = lab.links.map((link) => ({ port: link, end: null, id: linkId(link), at: link.at }));
  return [...cables, ...others].flatMap(
    ({ port: { netns, name, master, vlans }, end, id, at }): Resource<OvsPortSpec>[] => {
      const bridge = bridges.get(`${netns}/${master}`);
      if (!bridge) return [];
      const other = end === null ? null : { netns: end.netns, name: end.name };
      return [
        {
          kind: 'ovs-port',
          id: ovsPortId(netns, name),
          netns,
          spec: { netns, name, bridge: bridge.name, vlans: { ...ovsVlans(vlans) }, end: other, isOffloaded: false },
          dependsOn: [linkId(bridge), id],
          within: [linkId(bridge)],
          origin: at,
          note: null,
        },
      ];
    },
  );
}

function observe(
  live: LiveState,
  { netns, spec: { name, end } }: Resource<OvsPortSpec>,
  context: KindContext<OvsPortSpec>,
): Observation<OvsPortSpec> {
  const row = live.get({ need: 'open-vswitch', key: ovsSocket(context.lab, netns) })?.ports.get(name) ?? null;
  if (row === null) return absentObservation;
  const isOffloaded = end !== null && live.get({ need: 'tx-checksum', netns: end.netns, key: end.name }) === true;
  const spec = { netns, name, bridge: row.bridge, vlans: { ...row.vlans }, end, isOffloaded };
  if (row.mark === markOf(context)) return { spec, owner: 'ours', whose: null };
  return blockingObservation(spec, markOwner(row.mark), 'remove the port, or the mark of its row');
}

function instructions(
  { before, after }: Operation<OvsPortSpec>,
  phase: 'delete' | 'make',
  context: KindContext<OvsPortSpec>,
): readonly (readonly Instruction[])[] {
  const { lab } = context;
  if (phase === 'delete') {
    if (!before) return [];
    const { netns, name, end } = before;
    return [[{ do: 'vswitch.port.delete', netns, name, lab, socket: ovsSocket(lab, netns) }, ...checksum(end, true)]];
  }
  if (!after) return [];
  const { netns, name, bridge, vlans, end } = after;
  const port = { netns, name, lab, socket: ovsSocket(lab, netns), bridge, vlans, mark: markOf(context) };
  return [[{ do: 'vswitch.port', ...port }, ...checksum(end, false)]];
}

const checksum = (end: OvsPortSpec['end'], isOffloaded: boolean): readonly Instruction[] =>
  end === null ? [] : [{ do: 'vswitch.checksum', ...end, isOffloaded }];

/** `to sw1, access 10`. */
function describe(operation: Operation<OvsPortSpec>): readonly PlanLine[] {
  const { action, before, after, changes } = operation;
  const { name = '', bridge = '', vlans = ALL_VLANS } = after ?? before ?? {};
  const made = [`of ${bridge}`, vlansText(vlans)].filter(Boolean).join(', ');
  const text = action === 'create' ? made : action === 'delete' ? '' : changesText(changes);
  return [planLine(operation, { noun: 'ovs-port', name, text })];
}

function vlansText({ tag, trunks, mode }: OvsVlans): string {
  if (mode === 'access') return `access ${tag}`;
  const trunk = trunks.length === 0 ? '' : `trunk ${trunks.join(',')}`;
  return [trunk, tag === null ? '' : `native ${tag}`].filter(Boolean).join(', ');
}
