import { listPhrase } from '../../checks/phrases.ts';
import { netnsNames } from '../../kernel/netns/netns.ts';
import { EXIT, netformError } from '../../model/error.ts';
import { closestMatch } from '../../net/closest-match.ts';
import { containerNeed, containersAmong } from '../../registry/containers.ts';
import { readOtherLabs } from '../../store/shared-resources.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';

/** The containers that are namespaces of recorded labs: by their names, what they are, such as `docker:db`. */
const recordedContainers = (store: Store): ReadonlyMap<string, string> =>
  new Map(
    readOtherLabs(store, null).states.flatMap(({ resources }) =>
      containersAmong(resources).map(({ netns, ref }) => [netns, ref] as const),
    ),
  );

/** A namespace by its name; `place`: the container that it is, such as `docker:db`, null of any other. */
export type LiveNamespace = { readonly netns: string; readonly place: string | null };

/** A namespace of this machine, a container of a recorded lab, or `host`. Throws E_NO_NAMESPACE with the one that was probably meant. */
export function resolveLiveNamespace(store: Store, name: string): LiveNamespace {
  const containers = recordedContainers(store);
  const place = containers.get(name) ?? null;
  const names = [...netnsNames(), ...containers.keys()];
  if (place !== null || name === 'host' || names.includes(name)) return { netns: name, place };
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
export type LiveEndpoint = LiveNamespace & { readonly name: string };

/**
 * `red:eth0`, as the language writes it. Throws E_USAGE when it is not written so, with the interfaces of a namespace that is
 * named alone; E_NO_NAMESPACE when there is none of that name.
 */
export function resolveLiveEndpoint(
  { machine, store }: Pick<Session, 'machine' | 'store'>,
  written: string,
): LiveEndpoint {
  const [netns = '', ...rest] = written.split(':');
  const name = rest.join(':');
  const places = recordedContainers(store);
  const place = places.get(netns) ?? null;
  if (place !== null) machine.read([containerNeed(netns, place)]);
  if (netns !== '' && name !== '') return { ...resolveLiveNamespace(store, netns), name };
  if (netns !== '' && (netns === 'host' || place !== null || netnsNames().includes(netns))) {
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
