import { bridgeVlanId, linkId } from '../../../model/ids.ts';
import type { Instruction } from '../../../model/instruction.ts';
import type { PortVlanLive } from '../../../model/kernel/live-state.ts';
import type { LiveState } from '../../../model/kernel/need.ts';
import type { Kind } from '../../../model/kind.ts';
import type { Lab } from '../../../model/lab.ts';
import type { LabPortVlans } from '../../../model/lab-parts/lab-port.ts';
import type { Operation, PlanLine } from '../../../model/operation.ts';
import type { Observation, Resource } from '../../../model/resource.ts';
import { DEFAULT_VLAN, formatVlanRange } from '../../../net/vlan.ts';
import { defineKind } from '../../define-kind.ts';
import { disruptionOf } from '../../disruption.ts';
import { absentObservation, restoreOriginal, sharedObservation } from '../../observation.ts';
import { planLine, transitionText } from '../../plan-line.ts';
import { type LinkDependencies, linkDependencies } from '../link-attributes.ts';

/** The VLANs of a port, or of a bridge itself (`self`): `10 untagged`, `20-29`, in the order of their numbers. */
export type BridgeVlanSpec = { readonly dev: string; readonly self: boolean; readonly vlans: readonly string[] };

const definition: Kind<BridgeVlanSpec> = {
  name: 'bridge-vlan',
  compile,
  query: ({ netns }) => [{ need: 'bridge-vlans', netns }],
  observe,
  immutable: ['dev', 'self'],
  instructions: (operation, phase) => {
    const { netns, before, after } = operation;
    const spec = after ?? before;
    if (!spec || phase === (after ? 'delete' : 'make')) return [];
    const target = { netns, dev: spec.dev, self: spec.self };
    const had = operation.action === 'update' || !after ? (before?.vlans ?? NEW_PORT) : NEW_PORT;
    const wanted = after?.vlans ?? NEW_PORT;
    return changeVlans(target, had, wanted);
  },
  describe,
  disrupts: disruptionOf(() => 'connections-lost'),
  restoreTo: restoreOriginal,
};

/** The VLANs of one port of a bridge that keeps them apart; they go with the link. */
export const bridgeVlan = defineKind(definition);

const UNTAGGED = ' untagged';

/** What the kernel gives a new port, and a bridge (IFLA_BR_VLAN_DEFAULT_PVID). */
const NEW_PORT: readonly string[] = [`${DEFAULT_VLAN}${UNTAGGED}`];

function compile(lab: Lab): readonly Resource<BridgeVlanSpec>[] {
  const place = linkDependencies(lab);
  const bridges = new Map(
    lab.bridges
      .filter(({ options }) => options['vlanFiltering'] === true)
      .map((bridge) => [`${bridge.netns}/${bridge.name}`, linkId(bridge)]),
  );
  if (bridges.size === 0) return [];
  const ports = [
    ...lab.bridges.map((bridge) => ({ ...bridge, self: true, of: bridge.name })),
    ...lab.cables.flatMap(({ ends, at }) => ends.map((end) => ({ ...end, at, self: false, of: end.master }))),
    ...lab.links.map((link) => ({ ...link, self: false, of: link.master })),
  ];
  return ports.flatMap(({ netns, name, vlans, self, of, at }) =>
    vlans === undefined || of === null || !bridges.has(`${netns}/${of}`)
      ? []
      : [
          {
            kind: 'bridge-vlan',
            id: bridgeVlanId(netns, name),
            netns,
            spec: { dev: name, self, vlans: vlanTexts(vlans) },
            ...placeOf(place(netns, [name]), bridges.get(`${netns}/${of}`)),
            origin: at,
            note: null,
          },
        ],
  );
}

/** They come after their bridge keeps VLANs apart. */
const placeOf = (place: LinkDependencies, bridge: string | undefined): LinkDependencies => ({
  ...place,
  dependsOn: [...new Set([...place.dependsOn, ...(bridge === undefined ? [] : [bridge])])],
});

const vlanTexts = ({ untagged, tagged }: LabPortVlans): readonly string[] =>
  sortTexts([...(untagged === null ? [] : [`${untagged}${UNTAGGED}`]), ...tagged.map(formatVlanRange)]);

const sortTexts = (texts: readonly string[]): readonly string[] =>
  [...texts].sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10));

/** The kernel keeps no mark at them: what a port had before comes back when the lab goes, unless its link goes too. */
function observe(live: LiveState, { netns, spec }: Resource<BridgeVlanSpec>): Observation<BridgeVlanSpec> {
  const found = live.get({ need: 'bridge-vlans', netns })?.get(spec.dev);
  return found ? sharedObservation({ ...spec, vlans: sortTexts(found.map(liveText)) }) : absentObservation;
}

function liveText({ vlans, pvid, untagged }: PortVlanLive): string {
  const range = formatVlanRange(vlans);
  if (pvid && untagged) return `${range}${UNTAGGED}`;
  return pvid ? `${range} pvid` : untagged ? `${range} egress untagged` : range;
}

/** Deletions first: a port has one VLAN of frames without a tag. */
function changeVlans(
  target: { readonly netns: string; readonly dev: string; readonly self: boolean },
  had: readonly string[],
  wanted: readonly string[],
): readonly (readonly Instruction[])[] {
  const change = (verb: 'add' | 'delete', text: string): Instruction => {
    const [range = '', ...words] = text.split(' ');
    const [first = '', last = first] = range.split('-');
    return {
      do: `bridge-vlan.${verb}`,
      ...target,
      vlans: [Number(first), Number(last)],
      untagged: words.join(' ') === UNTAGGED.trim(),
    };
  };
  return [
    had.filter((text) => !wanted.includes(text)).map((text) => change('delete', text)),
    wanted.filter((text) => !had.includes(text)).map((text) => change('add', text)),
  ].filter((round) => round.length > 0);
}

function describe(operation: Operation<BridgeVlanSpec>): readonly PlanLine[] {
  const { before, after } = operation;
  const spec = after ?? before;
  if (!spec) return [];
  const [was, now] = [before, after].map((one) => one && `VLANs ${one.vlans.join(', ') || 'none'}`);
  return [planLine(operation, { noun: spec.self ? 'bridge' : 'port', name: spec.dev, text: transitionText(was, now) })];
}
