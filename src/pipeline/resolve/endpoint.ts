import { listPhrase } from '../../checks/phrases.ts';
import { netnsNames } from '../../kernel/netns/netns.ts';
import { EXIT, netformError } from '../../model/error.ts';
import type { Machine } from '../../model/machine.ts';
import { closestMatch } from '../../net/closest-match.ts';

/** A namespace of this machine, or `host`. Throws E_NO_NAMESPACE with the one that was probably meant. */
export function resolveLiveNamespace(name: string): string {
  const names = netnsNames();
  if (name === 'host' || names.includes(name)) return name;
  const meant = closestMatch(name, [...names, 'host']);
  throw netformError('E_NO_NAMESPACE', EXIT.usage, `there is no namespace ${name}`, {
    hint: meant === null ? namespaceHint(names) : `did you mean ${meant}?`,
  });
}

/** `there are alice and bob; host is this machine`. */
export function namespaceHint(names: readonly string[]): string {
  if (names.length === 0) return 'this machine has none; netform apply builds a lab, and host is the machine itself';
  return `there ${names.length === 1 ? 'is' : 'are'} ${listPhrase(names.toSorted())}; host is this machine`;
}

/** A link, and the namespace that it is in. */
export type LiveEndpoint = { readonly netns: string; readonly name: string };

/**
 * `red:eth0`, as the language writes it. Throws E_USAGE when it is not written so, with the interfaces of a namespace that is
 * named alone; E_NO_NAMESPACE when there is none of that name.
 */
export function resolveLiveEndpoint(written: string, machine: Machine): LiveEndpoint {
  const [netns = '', ...rest] = written.split(':');
  const name = rest.join(':');
  if (netns !== '' && name !== '') return { netns: resolveLiveNamespace(netns), name };
  if (netns !== '' && (netns === 'host' || netnsNames().includes(netns))) {
    const need = { need: 'namespace', netns } as const;
    const links = [...(machine.read([need]).get(need)?.links.keys() ?? [])].map((link) => `${netns}:${link}`);
    throw netformError(
      'E_USAGE',
      EXIT.usage,
      `${netns} is ${netns === 'host' ? 'this machine' : 'a namespace'}, not an interface`,
      {
        hint: `its interfaces are ${listPhrase(links.toSorted())}`,
      },
    );
  }
  throw netformError('E_USAGE', EXIT.usage, `${written} is not of the form NAMESPACE:INTERFACE`, {
    hint: `for example red:eth0, or host:br0 for an interface of this machine; ${namespaceHint(netnsNames())}`,
  });
}
