import { linkId, netnsIds, processId } from '../../../model/ids.ts';
import type { Instruction } from '../../../model/instruction.ts';
import { NETFORM_GROUP } from '../../../model/instruction.ts';
import type { Spec } from '../../../model/json.ts';
import type { LiveState } from '../../../model/kernel/need.ts';
import type { OvsBridgeLive, OvsVlans } from '../../../model/kernel/ovs-live.ts';
import { type Kind, type KindContext, markOf } from '../../../model/kind.ts';
import type { Lab, LabLink } from '../../../model/lab.ts';
import type { Operation } from '../../../model/operation.ts';
import type { Observation, Resource } from '../../../model/resource.ts';
import { ovsSocket } from '../../../programs/openvswitch.ts';
import { defineKind } from '../../define-kind.ts';
import { absentObservation, blockingObservation, markOwner } from '../../observation.ts';
import { changesText, planLine } from '../../plan-line.ts';
import { hostLinkClaims } from '../host-link-claims.ts';
import { DEFAULT_LINK_MTU, foreignLinkOwner, linkAlias, linkLabel } from '../link-attributes.ts';
import { SWITCH } from './programs.ts';
import { ALL_VLANS, ovsVlans } from './vlans.ts';

type OvsBridgeSpec = {
  readonly netns: string;
  readonly name: string;
  readonly label: string;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly stp: boolean;
  readonly vlans: OvsVlans & Spec;
  /** It has rows in the database; false: only its link is there. */
  readonly rows: boolean;
};

const kind: Kind<OvsBridgeSpec> = {
  name: 'ovs',
  compile: (lab) => lab.bridges.filter((link) => link.kind === 'ovs').map((link) => toResource(lab, link)),
  query: ({ netns }, { lab }) => [
    { need: 'namespace', netns },
    { need: 'open-vswitch', key: ovsSocket(lab, netns) },
  ],
  observe,
  claims: ({ netns, name }) => [`${netns}/${name}`],
  exclusive: ({ netns, name }) => hostLinkClaims([`${netns}/${name}`]),
  immutable: ['netns', 'name'],
  markFields: [['label']],
  isCreatable: ({ rows }) => rows,
  instructions,
  describe,
  disrupts: ({ action }) => (action === 'create' || action === 'update' ? 'none' : 'gone-for-a-moment'),
  restoreTo: () => null,
  boundToLabName: 'an Open vSwitch with paths of its name',
};

/** A bridge of the private Open vSwitch: its rows, and the link that it shows the machine. */
export const ovsBridge = defineKind(kind);

/** The id of a bridge of Open vSwitch. */
export const ovsBridgeId = (netns: string, name: string): string => linkId({ kind: 'ovs', netns, name });

function toResource(_lab: Lab, link: LabLink): Resource<OvsBridgeSpec> {
  const { netns, name, label, mac, mtu, up, options, at, isMacUnspecified } = link;
  return {
    kind: 'ovs',
    id: linkId(link),
    netns,
    spec: {
      ...{ netns, name, label, mac, mtu: mtu ?? DEFAULT_LINK_MTU, up, stp: options['stp'] === true },
      ...{ vlans: { ...ovsVlans(link.vlans) }, rows: true },
    },
    dependsOn: [...netnsIds(netns), processId(netns, SWITCH)],
    within: netnsIds(netns),
    ...(isMacUnspecified ? { unspecified: [['mac']] } : {}),
    origin: at,
    note: null,
  };
}

/** What is ours has our mark in its row, or on its link when the database is gone. */
function observe(
  live: LiveState,
  { netns, spec: { name } }: Resource<OvsBridgeSpec>,
  context: KindContext<OvsBridgeSpec>,
): Observation<OvsBridgeSpec> {
  const row = live.get({ need: 'open-vswitch', key: ovsSocket(context.lab, netns) })?.bridges.get(name) ?? null;
  const link = live.get({ need: 'namespace', netns })?.links.get(name) ?? null;
  if (row === null && link === null) return absentObservation;
  const isOurRow = row !== null && row.mark === markOf(context);
  const { mac = '', mtu = 0, up = false } = link ?? {};
  const label = link === null ? name : linkLabel(context, link) || name;
  const spec: OvsBridgeSpec = { netns, name, label, mac, mtu, up, ...rowFields(row) };
  if (isOurRow) return { spec, owner: 'ours', whose: null };
  const whose = link === null ? markOwner(row?.mark ?? null) : foreignLinkOwner(context, link, '');
  if (whose === null && row === null) return { spec, owner: 'ours', whose: null };
  return blockingObservation(spec, whose ?? markOwner(row?.mark ?? null), 'remove or rename one of the two');
}

const rowFields = (row: OvsBridgeLive | null): Pick<OvsBridgeSpec, 'stp' | 'vlans' | 'rows'> => ({
  stp: row?.stp ?? false,
  vlans: { ...(row?.vlans ?? ALL_VLANS) },
  rows: row !== null,
});

function instructions(
  { before, after }: Operation<OvsBridgeSpec>,
  phase: 'delete' | 'make',
  context: KindContext<OvsBridgeSpec>,
): readonly (readonly Instruction[])[] {
  const { lab } = context;
  if (phase === 'delete') {
    if (!before) return [];
    const { netns, name } = before;
    return [[{ do: 'vswitch.bridge.delete', netns, name, lab, socket: ovsSocket(lab, netns) }]];
  }
  if (!after) return [];
  const { netns, name, mac, mtu, up, stp, vlans } = after;
  const alias = linkAlias(context, after);
  return [
    [
      {
        do: 'vswitch.bridge',
        netns,
        name,
        lab,
        socket: ovsSocket(lab, netns),
        mac,
        mtu,
        stp,
        vlans,
        mark: markOf(context),
      },
    ],
    [{ do: 'link.set', netns, name, set: { alias, group: NETFORM_GROUP, up } }],
  ];
}

function describe(operation: Operation<OvsBridgeSpec>) {
  const { action, before, after, changes } = operation;
  const { name = '', label = '', mac = '', mtu = 0, stp = false } = after ?? before ?? {};
  const shown = label === name || label === '' ? name : `${label} (${name})`;
  const made = [`mac ${mac}`, mtu === DEFAULT_LINK_MTU ? '' : `mtu ${mtu}`, stp ? 'stp' : '']
    .filter(Boolean)
    .join(', ');
  const text = action === 'create' ? made : action === 'delete' ? '' : changesText(changes);
  return [planLine(operation, { noun: 'ovs', name: shown, text })];
}
