import { netnsNames } from '../../kernel/netns/netns.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { closestMatch } from '../../net/closest-match.ts';

/** A namespace of this machine, or `host`. Throws E_NO_NAMESPACE with the one that was probably meant. */
export function resolveLiveNamespace(name: string): string {
  const names = netnsNames();
  if (name === 'host' || names.includes(name)) return name;
  const meant = closestMatch(name, [...names, 'host']);
  throw netformError('E_NO_NAMESPACE', EXIT.usage, `there is no namespace ${name}`, {
    hint: meant === null ? 'ip netns list shows those that there are; host is this machine' : `did you mean ${meant}?`,
  });
}

/** A link, and the namespace that it is in. */
export type LiveEndpoint = { readonly netns: string; readonly name: string };

/** `red:eth0`, as the language writes it. Throws E_USAGE when it is not written so, E_NO_NAMESPACE when there is none. */
export function resolveLiveEndpoint(written: string): LiveEndpoint {
  const at = written.indexOf(':');
  if (at > 0 && at < written.length - 1) {
    return { netns: resolveLiveNamespace(written.slice(0, at)), name: written.slice(at + 1) };
  }
  throw netformError('E_USAGE', EXIT.usage, `${written} is not of the form NAMESPACE:INTERFACE`, {
    hint: 'for example red:eth0, or host:br0 for an interface of the host',
  });
}
