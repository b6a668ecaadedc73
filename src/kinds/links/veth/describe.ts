import type { FieldChange, Operation, PlanLine } from '../../../model/operation.ts';
import { changesText, planLine, shownChanges } from '../../plan-line.ts';
import { isBond } from '../bond/port-order.ts';
import { DEFAULT_LINK_MTU } from '../link-attributes.ts';
import { portSettingChanges } from '../port-settings.ts';
import { isVrf } from '../vrf/port-order.ts';
import { VETH_MARK_FIELDS, type VethSpec } from './spec.ts';

/**
 * `+ veth eth0 to v-net-0`: the end that the user named, and what it leads to. A cable that comes or goes is said in both
 * of its namespaces.
 */
export function describeVeth(operation: Operation<VethSpec>): readonly PlanLine[] {
  const spec = operation.after ?? operation.before;
  if (!spec) return [];
  const [near, far] = spec.ends;
  const line = planLine(operation, {
    noun: 'veth',
    name: shownName(near.name, spec.near.label),
    text: vethText(operation, spec),
  });
  const whole = operation.action === 'create' || operation.action === 'delete';
  if (!whole || far.name === '' || bridgeOf(operation, spec, 'far') !== null) return [line];
  const text = [`to ${near.netns}:${near.name}`, ...portText(operation, spec, 'far')].join(', ');
  return [line, { ...line, netns: far.netns, name: shownName(far.name, spec.far.label), text }];
}

const shownName = (name: string, label: string): string =>
  label === '' || label === name ? name : `${label} (${name})`;

function vethText(operation: Operation<VethSpec>, spec: VethSpec): string {
  const { action, before, after, changes, cause } = operation;
  const isMoved = changes.some(({ path }) => path[0] === 'ends');
  if (action === 'update' && isMoved && before && after) return movedText(before, after);
  if (action === 'replace' && isMoved && before && after && cause === 'drift') {
    return `${movedText(after, before)}: replaced`;
  }
  if (action === 'update')
    return changesText(portSettingChanges(shownChanges(changes, VETH_MARK_FIELDS)).map(ofFarEnd(spec)));
  if (action === 'replace' && isMoved && before && after) {
    return `${aimOf(operation, before)} → ${aimOf(operation, after)}: replaced`;
  }
  const aim = aimOf(operation, spec);
  return action === 'create' ? [aim, ...portText(operation, spec, 'near'), ...mtuText(spec)].join(', ') : aim;
}

/** The drift of the ends of a cable. */
function movedText(wanted: VethSpec, found: VethSpec): string {
  const texts = wanted.ends.flatMap((end, i) => {
    const now = found.ends[i];
    if (!now || (now.netns === end.netns && now.name === end.name)) return [];
    if (now.name === '') return [`peer of ${end.name} not found`];
    if (now.netns !== end.netns) return [`${end.name} was moved to ${now.netns}`];
    return [`${end.name} was renamed to ${now.name}`];
  });
  return texts.join(', ');
}

/** A change of the end that is not shown says which end it is of, unless both change alike, or the cable moves to a bridge. */
function ofFarEnd(spec: VethSpec): (change: FieldChange, index: number, all: readonly FieldChange[]) => FieldChange {
  return (change, _index, all) => {
    const [side, field = ''] = change.path;
    const alike = all.some(({ path, after }) => path[0] === 'near' && path[1] === field && after === change.after);
    return side === 'far' && !alike && field !== 'master'
      ? { ...change, path: [`${spec.ends[1].name} ${field}`] }
      : change;
  };
}

/** The bridge that an end is a port of; null: none, a bond, a VRF. */
function bridgeOf(operation: Operation<VethSpec>, spec: VethSpec, side: 'near' | 'far'): string | null {
  const { master } = spec[side];
  const { netns } = spec.ends[side === 'near' ? 0 : 1];
  return isBond(operation, { netns, master }) || isVrf(operation, { netns, master }) ? null : master;
}

/** What an end is a port of, when that is not a bridge. */
const portText = (operation: Operation<VethSpec>, spec: VethSpec, side: 'near' | 'far'): readonly string[] =>
  bridgeOf(operation, spec, side) === null && spec[side].master !== null ? [`port of ${spec[side].master}`] : [];

function aimOf(operation: Operation<VethSpec>, spec: VethSpec): string {
  const [near, far] = spec.ends;
  if (far.name === '') return 'to nowhere';
  const master = bridgeOf(operation, spec, 'far');
  if (master === null) return `to ${far.netns}:${far.name}`;
  return far.netns === 'host' || far.netns === near.netns ? `to ${master}` : `to ${far.netns}:${master}`;
}

const mtuText = ({ near: { mtu } }: VethSpec): readonly string[] => (mtu === DEFAULT_LINK_MTU ? [] : [`mtu ${mtu}`]);
