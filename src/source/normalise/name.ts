import type { CheckDoc } from '../../model/diagnostics/check-doc.ts';
import { makeDiagnostic } from '../../model/diagnostics/diagnostic.ts';
import type { TopologyRef, TopologyValue } from '../../model/topology.ts';
import { isFallbackLink } from '../../model/values/fallback-links.ts';
import { canonicalAddress } from '../../net/address.ts';
import { isName } from '../../net/name.ts';
import {
  keyOfCursor,
  readString,
  type SourceCursor,
  type SourceDiagnosticReporter,
  valueOfCursor,
  withPath,
} from '../cursor.ts';
import { readAddressValue } from './address.ts';
import { looksLikeAddress, quoteText } from './address-errors.ts';

/** Names that mean something else somewhere in the language. */
const RESERVED: { readonly [of in 'namespace' | 'link' | 'switch' | 'pool' | 'VLAN']: readonly string[] } = {
  namespace: ['host', 'none', 'default'],
  // `all` and `default` are folders beside those of the links under /proc/sys/net/ipv4/conf; the kernel refuses them.
  link: ['host', 'all', 'default'],
  switch: ['host', 'none', 'any', 'all', 'default', 'lo'],
  pool: ['host', 'none', 'any'],
  VLAN: ['none', 'any', 'all'],
};

/** Reports a key that cannot be a name of that sort. */
export function checkName(node: SourceCursor, report: SourceDiagnosticReporter, of: keyof typeof RESERVED): void {
  const name = String(node.path.at(-1));
  const message = nameProblem(name);
  if (message) report(makeDiagnostic('bad-name', keyOfCursor(node), message, { hint: nameHint(name) }));
  else if ((of === 'link' || of === 'switch') && isFallbackLink(name)) {
    const said = `the kernel makes a link named ${name} by itself, in every namespace`;
    report(
      makeDiagnostic('bad-name', keyOfCursor(node), said, {
        hint: `choose another name, such as ${name.replace(/0$/, '1')}`,
      }),
    );
  } else if (RESERVED[of].includes(name)) {
    const hint =
      name === 'host' ? 'host is the machine itself; choose another name' : `choose another name, such as ${name}1`;
    report(makeDiagnostic('bad-name', keyOfCursor(node), `the name "${name}" is reserved`, { hint }));
  }
}

/** Why a text is not a valid name; null when it is one. */
export function nameProblem(name: string): string | null {
  if (isName(name)) return null;
  if (name.length > 63) return `the name ${quoteText(name)} has ${name.length} characters; at most 63 are allowed`;
  return `${name === '' ? 'an empty text' : JSON.stringify(name)} is not a name`;
}

/** What to write in the place of a text that is not a name: a name like it, and the rule. */
export function nameHint(written: string): string {
  const near = written
    .trim()
    .replaceAll(/[^A-Za-z0-9_.-]+/g, '-')
    .replaceAll(/^[^A-Za-z]+|-+$/g, '');
  return isName(near) && near !== written && near.length > 1 ? `write ${near}: ${NAME_RULE}` : NAME_RULE;
}

export const NAME_RULE = 'a name begins with a letter and goes on with letters, digits, ".", "-" and "_"';

/** The name of a link, as a value. */
export function readDeviceName(node: SourceCursor, report: SourceDiagnosticReporter): TopologyValue<string> | null {
  const written = readString(node);
  if (written === null) return null;
  const message = nameProblem(written);
  if (!message) return withPath(node, written);
  report(makeDiagnostic('bad-name', valueOfCursor(node), message, { hint: nameHint(written) }));
  return null;
}

/** `name` or `name:part`. `hint` says how it is written here. */
export function readRef(
  node: SourceCursor,
  report: SourceDiagnosticReporter,
  hint: string,
): TopologyValue<TopologyRef> | null {
  const written = readString(node);
  if (written === null) return null;
  const ref = parseRef(written);
  if (ref) return withPath(node, ref);
  report(
    makeDiagnostic('bad-reference', valueOfCursor(node), `${quoteText(written)} does not name anything`, { hint }),
  );
  return null;
}

/** A share of a subnet, `pods@node-1`, is a name without a part. */
export function parseRef(written: string): TopologyRef | null {
  const [pool = '', netns, ...more] = written.split('@');
  if (netns !== undefined)
    return more.length === 0 && isName(pool) && isName(netns) ? { name: written, part: null } : null;
  const [name = '', part, ...rest] = written.split(':');
  if (rest.length > 0 || !isName(name) || (part !== undefined && !isName(part))) return null;
  return { name, part: part ?? null };
}

export type AddressOrRef = { readonly address: string } | { readonly ref: TopologyRef };

/** An address, or the name of something that has one. */
export function readAddressOrRef(node: SourceCursor, report: SourceDiagnosticReporter): AddressOrRef | null {
  const written = readString(node);
  if (written === null) return null;
  const address = canonicalAddress(written);
  if (address) return { address };
  if (looksLikeAddress(written)) {
    readAddressValue(node, report);
    return null;
  }
  const ref = readRef(node, report, 'write an address, a namespace, or namespace:interface');
  return ref && { ref: ref.value };
}

/** The entry of `bad-name` in docs/checks.md. */
export const badNameDoc: CheckDoc = {
  name: 'bad-name',
  code: 'NF1012',
  title: 'Invalid name',
  explain:
    'Names begin with a letter and continue with letters, digits, `_`, `.` and `-`. `host` is reserved: it means the machine itself. So are the names of links that the kernel makes by itself when it loads the driver of a tunnel, such as `gre0` and `tunl0`.',
  bad: `
namespaces:
  red team: {}
`,
  good: `
namespaces:
  red-team: {}
`,
};
