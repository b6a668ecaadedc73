import type { FieldChange, Operation, PlanLine } from '../../../model/operation.ts';
import { changesText, planLine, shownChanges } from '../../plan-line.ts';
import { DEFAULT_LINK_MTU } from '../link-attributes.ts';
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
  if (!whole || far.name === '' || spec.far.master !== null) return [line];
  const text = `to ${near.netns}:${near.name}`;
  return [line, { ...line, netns: far.netns, name: shownName(far.name, spec.far.label), text }];
}

const shownName = (name: string, label: string): string =>
  label === '' || label === name ? name : `${label} (${name})`;

function vethText({ action, before, after, changes, cause }: Operation<VethSpec>, spec: VethSpec): string {
  const isMoved = changes.some(({ path }) => path[0] === 'ends');
  if (action === 'update' && isMoved && before && after) return movedText(before, after);
  if (action === 'replace' && isMoved && before && after && cause === 'drift') {
    return `${movedText(after, before)}: replaced`;
  }
  if (action === 'update') return changesText(shownChanges(changes, VETH_MARK_FIELDS).map(ofFarEnd(spec)));
  if (action === 'replace' && isMoved && before && after) {
    return `${aimOf(before)} → ${aimOf(after)}: replaced`;
  }
  return action === 'create' ? [aimOf(spec), ...mtuText(spec)].join(', ') : aimOf(spec);
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

function aimOf({ ends: [near, far], far: { master } }: VethSpec): string {
  if (far.name === '') return 'to nowhere';
  if (master === null) return `to ${far.netns}:${far.name}`;
  return far.netns === 'host' || far.netns === near.netns ? `to ${master}` : `to ${far.netns}:${master}`;
}

const mtuText = ({ near: { mtu } }: VethSpec): readonly string[] => (mtu === DEFAULT_LINK_MTU ? [] : [`mtu ${mtu}`]);
