import { sameJson } from '../../model/json.ts';
import type { LinkKind } from '../../model/link-kind.ts';
import type { Operation, PlanLine } from '../../model/operation.ts';
import { changesText, planLine, replaceText, shownChanges } from '../plan-line.ts';
import { fixedOptions, LINK_MARK_FIELDS, splitSpec } from './link-spec.ts';
import { portSettingChanges } from './port-settings.ts';

/** The line of a plan for a link of one end: `+ bridge v-net-0 mac 02:4e:46:00:00:0b`. */
export function describeLink(kind: LinkKind, operation: Operation): readonly PlanLine[] {
  const spec = operation.after ?? operation.before;
  if (!spec) return [];
  const { name, label } = splitSpec(kind, spec).common;
  const shown = label === name || label === '' ? name : `${label} (${name})`;
  return [planLine(operation, { noun: kind.name, name: shown, text: linkText(kind, operation) })];
}

function linkText(kind: LinkKind, { action, before, after, cause, ...operation }: Operation): string {
  const spec = after ?? before;
  const changes = portSettingChanges(shownChanges(operation.changes, LINK_MARK_FIELDS));
  if (!spec || action === 'update') return changesText(changes);
  const { common, options } = splitSpec(kind, spec);
  const old = before && splitSpec(kind, before);
  if (action === 'replace' && old && old.common.name !== common.name && cause === 'drift') {
    return `was renamed to ${old.common.name}: replaced`;
  }
  if (action === 'replace' && old && kind.unlike && sameJson(old.options, kind.unlike)) {
    return 'its settings were changed: replaced';
  }
  const fixed = before && after ? fixedOptions(kind, before, after) : [];
  if (action === 'replace' && changes.length > 0)
    return replaceText(changes, ['netns', 'name', ...kind.immutable, ...fixed]);
  const { mac, mtu, up, master = null } = common;
  return kind.describe({ action, options, mac, mtu, up, master }).filter(Boolean).join(', ');
}
