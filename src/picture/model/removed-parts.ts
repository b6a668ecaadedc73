import { addressId, cableId, linkId, netnsId, nftId, routeId } from '../../model/ids.ts';
import type { Lab, LabForward, LabNat } from '../../model/lab.ts';
import type { ChangeStatus } from './picture.ts';

/** A lab with what goes from it, and which of its NAT and forwards are those that come or go. */
export type PictureLab = { readonly lab: Lab; readonly words: ReadonlyMap<LabNat | LabForward, ChangeStatus> };

/**
 * The planned lab with those parts of the former one that an apply would delete, so that they can be drawn too.
 * `words` says by id what becomes of each resource.
 */
export function withRemovedParts(lab: Lab, former: Lab | null, words: ReadonlyMap<string, ChangeStatus>): PictureLab {
  if (former === null) return { lab, words: ruleStatuses(lab, null, words) };
  const goes = (id: string) => words.get(id) === 'deleted';
  const added = <T>(now: readonly T[], then: readonly T[], idOf: (one: T) => string): readonly T[] => {
    const ids = new Set(now.map(idOf));
    return [...now, ...then.filter((one) => !ids.has(idOf(one)) && goes(idOf(one)))];
  };
  const nat = removedRules(lab.nat, former.nat).filter((one) => words.has(nftId(one.netns, lab.name)));
  const forwards = removedRules(lab.forwards, former.forwards).filter((one) => words.has(nftId(one.netns, lab.name)));
  const whole: Lab = {
    ...lab,
    namespaces: added(lab.namespaces, former.namespaces, ({ name }) => netnsId(name)),
    bridges: added(lab.bridges, former.bridges, linkId),
    cables: added(lab.cables, former.cables, cableId),
    links: added(lab.links, former.links, linkId),
    addresses: added(lab.addresses, former.addresses, ({ netns, dev }) => addressId(netns, dev)),
    routes: added(lab.routes, former.routes, (route) => routeId(route.netns, route)),
    existing: [
      ...lab.existing,
      ...former.existing.filter(({ name }) => !lab.existing.some((one) => one.name === name)),
    ],
    nat: [...lab.nat, ...nat],
    forwards: [...lab.forwards, ...forwards],
    lans: [...lab.lans, ...former.lans.filter(({ label }) => !lab.lans.some((one) => one.label === label))],
  };
  return { lab: whole, words: ruleStatuses(whole, former, words) };
}

const removedRules = <T extends LabNat | LabForward>(now: readonly T[], then: readonly T[]): readonly T[] => {
  const known = new Set(now.map(ruleKey));
  return then.filter((one) => !known.has(ruleKey(one)));
};

/** Rules have no id of their own: one table has them all. */
function ruleStatuses(whole: Lab, former: Lab | null, words: ReadonlyMap<string, ChangeStatus>): PictureLab['words'] {
  const then = new Set([...(former?.nat ?? []), ...(former?.forwards ?? [])].map(ruleKey));
  const found = new Map<LabNat | LabForward, ChangeStatus>();
  const formerRules = new Set<LabNat | LabForward>([...(former?.nat ?? []), ...(former?.forwards ?? [])]);
  for (const rule of [...whole.nat, ...whole.forwards]) {
    const word = words.get(nftId(rule.netns, whole.name));
    if (word === undefined) continue;
    if (word !== 'changed' || former === null) found.set(rule, word);
    else if (formerRules.has(rule)) found.set(rule, 'deleted');
    else if (!then.has(ruleKey(rule))) found.set(rule, 'added');
  }
  return found;
}

const ruleKey = ({ at: _at, ...rule }: LabNat | LabForward): string => JSON.stringify(rule);
