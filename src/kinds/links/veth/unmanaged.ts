import type { Spec } from '../../../model/json.ts';
import type { LinkLive } from '../../../model/kernel/live-state.ts';
import { unknownText } from '../../../model/kernel/unknown-attribute.ts';
import {
  type LabNames,
  labOfMark,
  type ManagedNetns,
  type SharedNetns,
  type UnmanagedObject,
} from '../../../model/kind.ts';
import { isFallbackLink } from '../../../model/values/fallback-links.ts';
import { managedLinkNames, managedSpecs } from '../../managed-netns.ts';
import { keptPortTexts } from '../port-settings.ts';

/** Links of any kind that are not of the lab; those with a mark of another lab are that lab's matter. */
export function findUnmanagedLinks(place: ManagedNetns): readonly UnmanagedObject[] {
  const byPlugins = managedSpecs<Spec>(place, 'attachment').map(({ dev }) => dev);
  const known = new Set([...managedLinkNames(place), ...byPlugins]);
  const { netns, there } = place;
  return [...there.links.values()]
    .filter(({ name, alias }) => !known.has(name) && !isFallbackLink(name) && !alias?.startsWith('netform:v1:'))
    .map(({ name, kind }) => ({
      netns,
      noun: 'link',
      name,
      text: kind ?? '',
      remove: { do: 'link.delete', netns, name },
      isContainer: true,
    }));
}

/** Links without a mark whose master is a link of the lab: ports on its bridges that belong to other programs. */
export const findAttachedLinks = ({ netns, there, claims }: SharedNetns): readonly UnmanagedObject[] =>
  [...there.links.values()].flatMap(({ name, alias, master }): UnmanagedObject[] => {
    const isKept = master === null ? undefined : claims.get(`${netns}/${master}`);
    if (isKept === undefined || labOfMark(alias) !== null || claims.has(`${netns}/${name}`)) return [];
    const text = isKept ? `port of ${master}` : `port of ${master}, which is deleted`;
    return [{ netns, noun: 'link', name, text, role: 'attached', remove: null }];
  });

/** What links of the lab have that the language lacks, and what the topology does not say of adopted ports: nothing of it is changed. Of one that is adopted the alias and the group make room for the mark. */
export const findLinkSettings = ({ netns, there, names, leaving, kept }: LabNames): readonly UnmanagedObject[] =>
  [...names].flatMap((name): UnmanagedObject[] => {
    const found = there.links.get(name);
    if (!found) return [];
    const queue = `queue of ${name}`;
    const hasQueue = names.has(queue) || leaving.has(`${netns}/${queue}`);
    const link = hasQueue ? withoutQueue(found) : found;
    const { alias, group } = link;
    const isMarked = alias?.startsWith('netform:v1:');
    const former = [
      ...(alias === null || isMarked ? [] : [`alias ${alias} (restored by destroy)`]),
      ...(group === 0 || isMarked ? [] : [`group ${group} (restored by destroy)`]),
    ];
    const left = keptPortTexts(found, kept.get(name) ?? {});
    const text = [
      ...former,
      ...left,
      isMarked || name === SWITCH_LINK ? knownText(link, there.links.has(SWITCH_LINK)) : settingsText(link),
    ]
      .filter(Boolean)
      .join(', ');
    return text === '' ? [] : [{ netns, noun: 'link', name, text, role: 'setting', remove: null }];
  });

/** Without the queue that is the lab's own. */
const withoutQueue = ({ unknown = [], ...link }: LinkLive): LinkLive => ({
  ...link,
  unknown: unknown.filter(({ name }) => name !== 'qdisc'),
});

/** Where an Open vSwitch in user space runs, it has its ports receive the frames of all (netdev_linux in lib/netdev-linux.c). */
const SWITCH_LINK = 'ovs-netdev';

/** Without attributes whose numbers netform does not know: a newer kernel has them on every link. */
const knownText = ({ unknown = [], unknownOfPort = [] }: LinkLive, isSwitched: boolean): string =>
  unknownText({
    unknown: [...unknown, ...unknownOfPort].filter(
      ({ name }) => !name.startsWith('attribute ') && !(isSwitched && name === 'promisc'),
    ),
  });

const settingsText = ({ unknown = [], unknownOfPort = [] }: Pick<LinkLive, 'unknown' | 'unknownOfPort'>): string =>
  unknownText({ unknown: [...unknown, ...unknownOfPort] });
