import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { LinkField, LinkKind, LinkKinds } from '../../model/link-kind.ts';
import type {
  DeviceRef,
  LinkFieldValue,
  TopologyInterface,
  TopologyLinkOptions,
  TopologyValue,
} from '../../model/topology.ts';
import {
  childCursor,
  keyOfCursor,
  listItems,
  nonNull,
  readBoolean,
  readInteger,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  withPath,
} from '../cursor.ts';
import { checkHostAddress, readAddressValue } from './address.ts';
import { readMilliseconds, readSeconds } from './duration.ts';
import { readAddressOrRef, readDeviceName } from './name.ts';

/**
 * The kind that an interface says it is, with its options; null of one that says none. `wrong` of one whose options cannot
 * be used, and of one with two kinds: that has been reported.
 */
export function readOwnKind(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  linkKinds: LinkKinds,
): TopologyInterface['own'] {
  const written = [...linkKinds.values()].filter(
    ({ name, section }) => section === 'interfaces' && childCursor(node, name).value !== undefined,
  );
  const [kind, second] = written;
  if (!kind) return null;
  if (second) {
    const message = `an interface cannot be ${kind.phrase} and ${second.phrase}`;
    const hint = `leave out one of them`;
    report(makeDiagnostic('cable-conflict', keyOfCursor(childCursor(node, second.name)), message, { hint }));
    return 'wrong';
  }
  const options = readLinkOptions(kind, childCursor(node, kind.name), report);
  const isComplete = Object.entries(kind.fields).every(([key, { required }]) => !required || options.values[key]);
  return isComplete ? options : 'wrong';
}

/** The fields of a kind as they stand in a map; a wrong one is null, and reported. */
export function readLinkOptions(
  { name, fields }: Pick<LinkKind, 'name' | 'fields'>,
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): TopologyLinkOptions {
  const values: Record<string, TopologyValue<LinkFieldValue> | null> = {};
  const more: Record<string, readonly TopologyValue<LinkFieldValue>[]> = {};
  for (const [key, field] of Object.entries(fields)) {
    const [first = null, ...others] = readItems(field, childCursor(node, key), report);
    values[key] = others.includes(null) ? null : first;
    if (others.length > 0) more[key] = nonNull(others);
  }
  return { kind: name, at: node.path, values, ...(Object.keys(more).length > 0 ? { more } : {}) };
}

/** The value of a field, or those of its list. */
const readItems = (
  field: LinkField,
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): readonly (TopologyValue<LinkFieldValue> | null)[] =>
  field.type === 'ports' || (field.type === 'target' && field.list)
    ? listItems(node).map((item) => readField(field, item, report))
    : [readField(field, node, report)];

function readField(
  field: LinkField,
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): TopologyValue<LinkFieldValue> | null {
  switch (field.type) {
    case 'integer':
      return withPath(node, readInteger(node));
    case 'flag':
      return withPath(node, readBoolean(node));
    case 'choice':
      return withPath(node, readString(node));
    case 'duration':
      return withPath(node, readSeconds(node, report, { first: field.minimum, last: field.maximum }));
    case 'account':
      return withPath(node, node.value === undefined || node.value === null ? null : String(node.value));
    case 'milliseconds':
      return withPath(node, readMilliseconds(node, report, field.maximum));
    case 'address':
      return readAddressValue(node, report);
    case 'target': {
      const target = readAddressOrRef(node, report);
      const what = `the ${String(node.path.findLast((step) => typeof step === 'string'))}`;
      const isSound = !target || !('address' in target) || checkHostAddress(node, report, { ...target, what });
      return withPath(node, isSound ? target : null);
    }
    case 'ports':
      return readDevice(false, node, report);
    case 'device':
      return readDevice(field.host === true, node, report);
  }
}

const HOST = 'host:';

/** `eth0`, and `host:eth1` where a link of the machine may stand. */
function readDevice(
  isHostAllowed: boolean,
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): TopologyValue<DeviceRef> | null {
  const { value } = node;
  const isHost = isHostAllowed && typeof value === 'string' && value.startsWith(HOST);
  const named = readDeviceName(isHost ? { ...node, value: value.slice(HOST.length) } : node, report);
  return named && { value: { netns: isHost ? 'host' : null, name: named.value }, at: named.at };
}
