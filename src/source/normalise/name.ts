import { problem } from '../../model/diagnostic.ts';
import type { At, Ref } from '../../model/topology.ts';
import { canonicalAddress } from '../../net/address.ts';
import { isName } from '../../net/name.ts';
import { at, type Node, onKey, onValue, type Report, text } from '../node.ts';
import { readAddress } from './address.ts';
import { looksLikeAddress, shapeOf } from './address-words.ts';

/** Names that mean something else somewhere in the language. */
const RESERVED: { readonly [of in 'namespace' | 'link' | 'bridge' | 'pool']: readonly string[] } = {
  namespace: ['host', 'none', 'default'],
  // `all` and `default` are folders beside those of the links under /proc/sys/net/ipv4/conf; the kernel refuses them.
  link: ['host', 'all', 'default'],
  bridge: ['host', 'none', 'any', 'all', 'default', 'lo'],
  pool: ['host', 'none', 'any'],
};

/** Reports a key that cannot be a name of that sort. */
export function checkName(node: Node, report: Report, of: keyof typeof RESERVED): void {
  const name = String(node.path.at(-1));
  const message = nameTrouble(name);
  if (message) report(problem('bad-name', onKey(node), message, { hint: NAME_RULE }));
  else if (RESERVED[of].includes(name)) {
    const hint = name === 'host' ? 'host is the machine itself; choose another name' : 'choose another name';
    report(problem('bad-name', onKey(node), `the name "${name}" is reserved`, { hint }));
  }
}

/** Why a text is no name; null when it is one. */
export function nameTrouble(name: string): string | null {
  if (isName(name)) return null;
  if (name.length > 63) return `the name ${shapeOf(name)} has ${name.length} characters; at most 63 are allowed`;
  return `${name === '' ? 'an empty text' : JSON.stringify(name)} is not a name`;
}

export const NAME_RULE = 'a name begins with a letter and goes on with letters, digits, ".", "-" and "_"';

/** The name of a link, as a value. */
export function readDevice(node: Node, report: Report): At<string> | null {
  const written = text(node);
  if (written === null) return null;
  const message = nameTrouble(written);
  if (!message) return at(node, written);
  report(problem('bad-name', onValue(node), message, { hint: NAME_RULE }));
  return null;
}

/** `name` or `name:part`. `hint` says how it is written here. */
export function readRef(node: Node, report: Report, hint: string): At<Ref> | null {
  const written = text(node);
  if (written === null) return null;
  const ref = parseRef(written);
  if (ref) return at(node, ref);
  report(problem('bad-reference', onValue(node), `${shapeOf(written)} does not name anything`, { hint }));
  return null;
}

export function parseRef(written: string): Ref | null {
  const [name = '', part, ...rest] = written.split(':');
  if (rest.length > 0 || !isName(name) || (part !== undefined && !isName(part))) return null;
  return { name, part: part ?? null };
}

export type Target = { readonly address: string } | { readonly ref: Ref };

/** An address, or the name of something that has one. */
export function readTarget(node: Node, report: Report): Target | null {
  const written = text(node);
  if (written === null) return null;
  const address = canonicalAddress(written);
  if (address) return { address };
  if (looksLikeAddress(written)) {
    readAddress(node, report);
    return null;
  }
  const ref = readRef(node, report, 'write an address, a namespace, or namespace:interface');
  return ref && { ref: ref.value };
}
