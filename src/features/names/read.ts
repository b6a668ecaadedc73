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
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../../source/cursor.ts';
import { quoteText } from '../../source/normalise/address-errors.ts';
import { type AddressOrRef, readAddressOrRef } from '../../source/normalise/name.ts';
import type { TopologyDns } from './topology.ts';

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
    search: readTexts(childCursor(node, 'search'), report, searchProblem),
    nameservers: isListed(childCursor(node, 'nameservers'))
      ? readTargets(childCursor(node, 'nameservers'), report)
      : null,
    options: readTexts(childCursor(node, 'options'), report, optionProblem),
    order: readTexts(childCursor(node, 'order'), report, orderProblem),
  };
}

const isListed = (node: SourceCursor): boolean => typeof node.value === 'string' || Array.isArray(node.value);

function readHosts(node: SourceCursor, report: SourceDiagnosticReporter): NonNullable<TopologyDns['hosts']> {
  return namedEntries(node).map(({ name, node }) => {
    if (!isHostname(name)) {
      const message = `${quoteText(name)} is not a host name`;
      report(makeDiagnostic('bad-hostname', keyOfCursor(node), message, { hint: HOSTNAME_RULE }));
    }
    return { name, at: node.path, to: readTargets(node, report) };
  });
}

const HOSTNAME_RULE =
  'a host name is made of letters, digits, underscores and inner hyphens, with dots between its parts';

function readTargets(node: SourceCursor, report: SourceDiagnosticReporter): readonly TopologyValue<AddressOrRef>[] {
  return nonNull(listItems(node).map((item) => withPath(item, readAddressOrRef(item, report))));
}

type DnsTextProblem = { readonly check: 'bad-hostname' | 'bad-value'; readonly message: string; readonly hint: string };

/** The texts that are fine; null when the key is not written. */
function readTexts(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  problemOf: (text: string) => DnsTextProblem | null,
): readonly string[] | null {
  if (!isListed(node)) return null;
  return nonNull(
    listItems(node).map((item) => {
      const written = readString(item);
      const problem = written === null ? null : problemOf(written);
      if (problem) report(makeDiagnostic(problem.check, valueOfCursor(item), problem.message, { hint: problem.hint }));
      return problem ? null : written;
    }),
  );
}

function searchProblem(written: string): DnsTextProblem | null {
  // resolv.conf(5): "." searches the root, that is, nothing.
  if (written === '.' || isHostname(written)) return null;
  return { check: 'bad-hostname', message: `${quoteText(written)} is not a domain`, hint: HOSTNAME_RULE };
}

function optionProblem(written: string): DnsTextProblem | null {
  if (/^[a-z][a-z0-9-]*(?::[0-9]{1,5})?$/.test(written)) return null;
  const hint = 'write one option per item, as resolv.conf has it: ndots:2';
  return { check: 'bad-value', message: `${quoteText(written)} is not an option of resolv.conf`, hint };
}

function orderProblem(written: string): DnsTextProblem | null {
  if (/^(?:[a-z][a-z0-9_]*|\[!?[A-Za-z]+=[A-Za-z]+\])$/.test(written)) return null;
  const hint = 'write one source per item, as nsswitch.conf has it: [files, dns]';
  return { check: 'bad-value', message: `${quoteText(written)} is not a source of names`, hint };
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
