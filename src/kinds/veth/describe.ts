import type { Change, Operation, PlanLine } from '../../model/operation.ts';
import { changesText, lineOf } from '../line.ts';
import { DEFAULT_MTU } from '../links.ts';
import type { VethSpec } from './spec.ts';

/** `+ veth eth0 to v-net-0`: the end that the user named, and what it leads to. */
export function describeVeth(operation: Operation<VethSpec>): readonly PlanLine[] {
  const spec = operation.after ?? operation.before;
  if (!spec) return [];
  const { name } = spec.ends[0];
  const { label } = spec.near;
  const shown = label === '' || label === name ? name : `${label} (${name})`;
  return [lineOf(operation, { noun: 'veth', name: shown, text: textOf(operation, spec) })];
}

function textOf({ action, before, after, changes }: Operation<VethSpec>, spec: VethSpec): string {
  if (action === 'update') return changesText(changes.map(ofFarEnd(spec)));
  if (action === 'replace' && before && after && changes.some(({ path }) => path[0] === 'ends')) {
    return `${aimOf(before)} → ${aimOf(after)}: replaced`;
  }
  return action === 'create' ? [aimOf(spec), ...mtuText(spec)].join(', ') : aimOf(spec);
}

/** A change of the end that is not shown says which end it is of, unless both change alike. */
function ofFarEnd(spec: VethSpec): (change: Change, index: number, all: readonly Change[]) => Change {
  return (change, _index, all) => {
    const [side, field = ''] = change.path;
    const alike = all.some(({ path, after }) => path[0] === 'near' && path[1] === field && after === change.after);
    return side === 'far' && !alike ? { ...change, path: [`${spec.ends[1].name} ${field}`] } : change;
  };
}

function aimOf({ ends: [near, far], far: { master } }: VethSpec): string {
  if (far.name === '') return 'to nowhere';
  if (master === null) return `to ${far.netns}:${far.name}`;
  return far.netns === 'host' || far.netns === near.netns ? `to ${master}` : `to ${far.netns}:${master}`;
}

const mtuText = ({ near: { mtu } }: VethSpec): readonly string[] => (mtu === DEFAULT_MTU ? [] : [`mtu ${mtu}`]);
