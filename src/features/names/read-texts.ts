import { type Diagnostic, makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { isHostname } from '../../net/name.ts';
import {
  listItems,
  nonNull,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
} from '../../source/cursor.ts';
import { quoteText } from '../../source/normalise/address-errors.ts';

/** What a host name is, for hints. */
export const HOSTNAME_RULE =
  'a host name is made of letters, digits, underscores and inner hyphens, with dots between its parts';

/** Whether one text or a list is written. */
export const isListed = (node: SourceCursor): boolean => typeof node.value === 'string' || Array.isArray(node.value);

type TextProblem = {
  readonly check: 'bad-hostname' | 'bad-value';
  readonly message: string;
  readonly hint: string;
  readonly severity?: Diagnostic['severity'];
};
/** `before`: the texts of the list in front of it. */
type TextCheck = (text: string, before: readonly string[]) => TextProblem | null;

/** The texts without those that are errors; null when the key is not written. */
function readTexts(node: SourceCursor, report: SourceDiagnosticReporter, check: TextCheck): readonly string[] | null {
  if (!isListed(node)) return null;
  const before: string[] = [];
  return nonNull(
    listItems(node).map((item) => {
      const written = readString(item);
      if (written === null) return null;
      const problem = check(written, before);
      before.push(written);
      if (!problem) return written;
      const { check: name, message, hint, severity = 'error' } = problem;
      report(makeDiagnostic(name, valueOfCursor(item), message, { hint, severity }));
      return severity === 'error' ? null : written;
    }),
  );
}

const warning = (message: string, hint: string): TextProblem => ({
  check: 'bad-value',
  message,
  hint,
  severity: 'warning',
});

/** The search domains of resolv.conf. */
export const readSearch = (node: SourceCursor, report: SourceDiagnosticReporter): readonly string[] | null =>
  readTexts(node, report, (written, before) => {
    // resolv.conf(5): "." searches the root, that is, nothing.
    if (written !== '.' && !isHostname(written))
      return { check: 'bad-hostname', message: `${quoteText(written)} is not a domain`, hint: HOSTNAME_RULE };
    const isTwice = before.some((other) => other.toLowerCase() === written.toLowerCase());
    return isTwice ? warning(`the domain ${written} is there twice`, 'keep one of them') : null;
  });

/** The domain of a lab, in lower case and without the last dot. */
export function readDomain(node: SourceCursor, report: SourceDiagnosticReporter): string | null {
  const written = readString(node);
  if (written === null) return null;
  const domain = written.replace(/\.$/, '').toLowerCase();
  if (isHostname(domain)) return domain;
  const message = `${quoteText(written)} is not a domain`;
  report(makeDiagnostic('bad-hostname', valueOfCursor(node), message, { hint: HOSTNAME_RULE }));
  return null;
}

/** The options of resolv.conf(5); a colon stands for a number that follows. */
const OPTIONS = [
  ...['ndots:', 'timeout:', 'attempts:', 'debug', 'rotate', 'no-aaaa', 'no-check-names', 'inet6', 'edns0'],
  ...['ip6-bytestring', 'ip6-dotint', 'no-ip6-dotint', 'single-request', 'single-request-reopen', 'no-tld-query'],
  ...['use-vc', 'no-reload', 'trust-ad'],
];

/** The options of resolv.conf. */
export const readOptions = (node: SourceCursor, report: SourceDiagnosticReporter): readonly string[] | null =>
  readTexts(node, report, (written, before) => {
    if (!/^[a-z][a-z0-9-]*(?::[0-9]{1,5})?$/.test(written)) {
      const hint = 'write one option per item, as resolv.conf has it: ndots:2';
      return { check: 'bad-value', message: `${quoteText(written)} is not an option of resolv.conf`, hint };
    }
    const name = written.replace(/:.*/, ':');
    if (!OPTIONS.includes(name)) {
      const near = closestMatch(name, OPTIONS);
      const hint = near ? `did you mean ${near.endsWith(':') ? `${near}N` : near}?` : 'leave it out';
      return warning(`resolvers do not know the option ${written} and pass over it`, hint);
    }
    const isTwice = before.some((other) => other.replace(/:.*/, ':') === name);
    return isTwice ? warning(`the option ${name.replace(':', '')} is there twice`, 'keep one of them') : null;
  });

/** The modules of glibc, systemd, Avahi and Samba that look up hosts. */
const SOURCES = [
  ...['files', 'dns', 'hostname', 'myhostname', 'mymachines', 'resolve', 'compat', 'db', 'nis', 'nisplus', 'wins'],
  ...[
    'mdns',
    'mdns4',
    'mdns6',
    'mdns_minimal',
    'mdns4_minimal',
    'mdns6_minimal',
    'libvirt',
    'libvirt_guest',
    'extrausers',
  ],
];

/** The `hosts` line of nsswitch.conf. */
export const readOrder = (node: SourceCursor, report: SourceDiagnosticReporter): readonly string[] | null =>
  readTexts(node, report, (written) => {
    if (!/^(?:[a-z][a-z0-9_]*|\[!?[A-Za-z]+=[A-Za-z]+\])$/.test(written)) {
      const hint = 'write one source per item, as nsswitch.conf has it: [files, dns]';
      return { check: 'bad-value', message: `${quoteText(written)} is not a source of names`, hint };
    }
    if (written.startsWith('[') || SOURCES.includes(written)) return null;
    const near = closestMatch(written, SOURCES);
    const hint = near ? `did you mean ${near}?` : `the known ones are ${SOURCES.slice(0, 6).join(', ')} and others`;
    return warning(`no module looks up names in ${written}: it is passed over`, hint);
  });
