import type { Path } from '../../model/diagnostics/source-location.ts';
import type { LiveState, Query } from '../../model/kernel/need.ts';
import type { PlaceLive } from '../../model/kernel/place-live.ts';
import type { Lab } from '../../model/lab.ts';

/** A namespace of the lab that is a container. */
export type NamedContainer = { readonly name: string; readonly ref: string; readonly at: Path };

/** Those of a lab, in the order of the file. */
export const labContainers = (lab: Lab): readonly NamedContainer[] =>
  lab.namespaces.flatMap(({ name, container }) => (container ? [{ name, ref: container.ref, at: container.at }] : []));

/** Those that were asked for on the machine, with what was found. */
export const findContainers = (
  lab: Lab,
  live: LiveState,
): readonly (NamedContainer & { readonly found: PlaceLive })[] =>
  labContainers(lab).flatMap((one) => {
    const found = live.get({ need: 'container', netns: one.name, key: one.ref });
    return found ? [{ ...one, found }] : [];
  });

/** What has to be read to find them. */
export const containerNeeds = (lab: Lab): Query =>
  labContainers(lab).map(({ name, ref }) => ({ need: 'container', netns: name, key: ref }) as const);
