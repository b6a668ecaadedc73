import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { DeviceRef } from '../../model/lab-parts/device-ref.ts';
import type { LinkField, LinkKind, LinkKinds } from '../../model/link-kind.ts';
import type {
  LinkFieldValue,
  TopologyInterface,
  TopologyLinkOptions,
  TopologyRef,
  TopologyValue,
} from '../../model/topology.ts';
import { isMulticastAddress } from '../../net/address.ts';
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
import { checkHostAddress, readAddressValue, reportBadAddress } from './address.ts';
import { readMilliseconds, readSeconds } from './duration.ts';
import { readAddressRefOrSelector } from './labels/selector.ts';
import { parseRef, readDeviceName } from './name.ts';

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
  const place = childCursor(node, kind.name);
  const options = readLinkOptions(kind, place, report);
  const isComplete = Object.entries(kind.fields).every(([key, { required }]) => !required || options.values[key]);
  return isComplete && hasOneAlternative(kind, { place, options }, report) ? options : 'wrong';
}

/** Whether one of the fields that stand for each other is written, and only one; reported when it is not. */
function hasOneAlternative(
  { phrase, alternatives = [] }: LinkKind,
  { place, options }: { readonly place: SourceCursor; readonly options: TopologyLinkOptions },
  report: SourceDiagnosticReporter,
): boolean {
  if (alternatives.length === 0) return true;
  const [one, second] = alternatives.filter((key) => childCursor(place, key).value !== undefined);
  const keys = alternatives.map((key) => `"${key}"`);
  if (one === undefined) {
    const message = `${phrase} has neither ${keys.join(' nor ')}`;
    report(makeDiagnostic('missing-key', keyOfCursor(place), message, { hint: 'write one of them' }));
    return false;
  }
  if (second === undefined) return Boolean(options.values[one]);
  const message = `${phrase} has ${keys.join(' or ')}, and not both`;
  report(
    makeDiagnostic('cable-conflict', keyOfCursor(childCursor(place, second)), message, {
      hint: 'leave out one of them',
    }),
  );
  return false;
}

/** The fields of a kind as they stand in a map; a wrong one is null, and reported. */
export function readLinkOptions(
  { name, fields, shorthand }: Pick<LinkKind, 'name' | 'fields' | 'shorthand'>,
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): TopologyLinkOptions {
  const values: Record<string, TopologyValue<LinkFieldValue> | null> = {};
  const more: Record<string, readonly TopologyValue<LinkFieldValue>[]> = {};
  const ends: TopologyRef[] = [];
  for (const [key, field] of Object.entries(fields)) {
    if (field.type === 'feature') {
      ends.push(...readEnds(field, childCursor(node, key)));
      continue;
    }
    const [first = null, ...others] = readItems(field, key === shorthand ? node : childCursor(node, key), report);
    values[key] = others.includes(null) ? null : first;
    if (others.length > 0) more[key] = nonNull(others);
  }
  return {
    ...{ kind: name, at: node.path, values },
    ...(Object.keys(more).length > 0 ? { more } : {}),
    ...(ends.length > 0 ? { ends } : {}),
  };
}

/** The links that the items of a list name; what is wrong with one, its feature reports. */
const readEnds = ({ ends }: FeatureField, node: SourceCursor): readonly TopologyRef[] =>
  ends === undefined ? [] : nonNull(listItems(node).map((item) => parseRef(readString(childCursor(item, ends)) ?? '')));

type FeatureField = Extract<LinkField, { readonly type: 'feature' }>;

/** The value of a field, or those of its list. */
const readItems = (
  field: PlainField,
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): readonly (TopologyValue<LinkFieldValue> | null)[] =>
  field.type === 'ports' || (field.type === 'target' && field.list)
    ? listItems(node).map((item) => readField(field, item, report))
    : [readField(field, node, report)];

type PlainField = Exclude<LinkField, FeatureField>;

function readField(
  field: PlainField,
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
    case 'group':
      return readGroup(node, report);
    case 'target': {
      const target = readAddressRefOrSelector(node, report);
      const what = `the ${String(node.path.findLast((step) => typeof step === 'string'))}`;
      const isSound =
        !target ||
        !('address' in target) ||
        (field.group !== undefined && isMulticastAddress(target.address)
          ? reportGroup(node, report, { ...target, what, key: field.group })
          : checkHostAddress(node, report, { ...target, what }));
      return withPath(node, isSound ? target : null);
    }
    case 'ports':
      return readDevice(false, node, report);
    case 'device':
      return readDevice(field.host === true, node, report);
  }
}

/** Reports a multicast group that stands where an end has to; `key` is where groups stand. */
function reportGroup(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  { address, what, key }: { readonly address: string; readonly what: string; readonly key: string },
): false {
  const message = `${what} cannot be ${address}: it is a multicast address`;
  reportBadAddress(node, report, { message, hint: `write ${key}: ${quotedAddress(address)}` });
  return false;
}

/** An address as YAML wants it. */
const quotedAddress = (address: string): string => (address.includes(':') ? `"${address}"` : address);

/** The address of a multicast group. */
function readGroup(node: SourceCursor, report: SourceDiagnosticReporter): TopologyValue<string> | null {
  const group = readAddressValue(node, report);
  if (!group || isMulticastAddress(group.value)) return group;
  return reportBadAddress(node, report, {
    message: `${group.value} is not a multicast address`,
    hint: 'groups of IPv4 are 239.0.0.0/8, of IPv6 ff05::/16; the address of another end is a `remote`',
  });
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
