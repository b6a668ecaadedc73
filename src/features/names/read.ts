import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { isJsonObject } from '../../model/json.ts';
import type { TopologyValue } from '../../model/topology.ts';
import { isHostname } from '../../net/name.ts';
import {
  childCursor,
  keyOfCursor,
  listItems,
  namedEntries,
  nonNull,
  readBoolean,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { quoteText } from '../../source/normalise/address-errors.ts';
import { readAddressRefOrSelector } from '../../source/normalise/labels/selector.ts';
import { HOSTNAME_RULE, isListed, readDomain, readOptions, readOrder, readSearch } from './read-texts.ts';
import type { TopologyDns, TopologyDnsTarget } from './topology.ts';

/** A `dns` block; null when there is none. What it does not say is null. */
export function readDns(node: SourceCursor, report: SourceDiagnosticReporter): TopologyDns | null {
  return isJsonObject(node.value) ? readLabDns(node, report) : null;
}

/** The lab's `dns` block, with nothing said when there is none. */
export function readLabDns(node: SourceCursor, report: SourceDiagnosticReporter): TopologyDns {
  return {
    at: node.path,
    names: readBoolean(childCursor(node, 'names')),
    hosts: isJsonObject(childCursor(node, 'hosts').value) ? readHosts(childCursor(node, 'hosts'), report) : null,
    domain: readDomain(childCursor(node, 'domain'), report),
    search: readSearch(childCursor(node, 'search'), report),
    nameservers: readNameservers(childCursor(node, 'nameservers'), report),
    options: readOptions(childCursor(node, 'options'), report),
    order: readOrder(childCursor(node, 'order'), report),
  };
}

/** glibc reads three (MAXNS in resolv.h). */
const MAX_NAMESERVERS = 3;

function readNameservers(node: SourceCursor, report: SourceDiagnosticReporter): TopologyDns['nameservers'] {
  if (!isListed(node)) return null;
  const fourth = listItems(node)[MAX_NAMESERVERS];
  if (fourth) {
    const message = `resolvers read ${MAX_NAMESERVERS} nameservers and pass over the others`;
    report(makeDiagnostic('bad-value', valueOfCursor(fourth), message, { severity: 'warning', hint: 'leave it out' }));
  }
  return readTargets(node, report);
}

function readHosts(node: SourceCursor, report: SourceDiagnosticReporter): NonNullable<TopologyDns['hosts']> {
  const first = new Map<string, SourceCursor>();
  return namedEntries(node).map(({ name, node }) => {
    const problem = hostNameProblem(name);
    if (problem) report(makeDiagnostic('bad-hostname', keyOfCursor(node), problem, { hint: HOSTNAME_RULE }));
    const twin = first.get(name.toLowerCase());
    if (twin) {
      const related = [{ at: keyOfCursor(twin), message: 'first written here' }];
      const message = `"${name}" is written twice: names in other letter case are the same`;
      report(makeDiagnostic('duplicate-key', keyOfCursor(node), message, { related, hint: 'keep one of them' }));
    } else first.set(name.toLowerCase(), node);
    return { name, at: node.path, to: readTargets(node, report) };
  });
}

function hostNameProblem(name: string): string | null {
  if (!isHostname(name)) return `${quoteText(name)} is not a host name`;
  // As inet_aton(3) reads numbers: nothing looks such a name up.
  const number = '(?:0x[0-9a-f]+|[0-9]+)';
  return new RegExp(`^${number}(?:\\.${number}){0,3}$`, 'i').test(name)
    ? `"${name}" is read as an address by every program, not as a name`
    : null;
}

function readTargets(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
): readonly TopologyValue<TopologyDnsTarget>[] {
  return nonNull(listItems(node).map((item) => withPath(item, readAddressRefOrSelector(item, report))));
}

/** The entry of `bad-hostname` in docs/checks.md. */
export const badHostnameDoc: CheckDoc = {
  name: 'bad-hostname',
  code: 'NF1017',
  title: 'Invalid host name',
  explain:
    'Host names, search domains and similar names consist of letters, digits, underscores and inner hyphens between dots (RFC 1123, with the underscore of many container names).',
  bad: `
namespaces: { red: {} }
dns: { hosts: { db-: 10.0.0.5 } }
`,
  good: `
namespaces: { red: {} }
dns: { hosts: { db-1: 10.0.0.5 } }
`,
};
