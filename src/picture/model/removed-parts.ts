import { addressId, cableId, linkId, netnsId, nftId, processId, routeId } from '../../model/ids.ts';
import type { Lab, LabForward, LabNat } from '../../model/lab.ts';
import { appendTo } from '../../model/values/group-by.ts';
import type { ChangeStatus } from './picture.ts';

/** A lab with what goes from it, and which of its NAT and forwards are those that come or go. */
export type PictureLab = {
  readonly lab: Lab;
  readonly words: ReadonlyMap<LabNat | LabForward, ChangeStatus>;
  /** What becomes of each resource, by its id. */
  readonly statuses: ReadonlyMap<string, ChangeStatus>;
};

/**
 * The planned lab with those parts of the former one that an apply would delete, so that they can be drawn too.
 * `words` says by id what becomes of each resource.
 */
export function withRemovedParts(lab: Lab, former: Lab | null, words: ReadonlyMap<string, ChangeStatus>): PictureLab {
  if (former === null) return { lab, words: ruleStatuses(lab, null, words), statuses: words };
  const added = <T>(now: readonly T[], then: readonly T[], idOf: (one: T) => string): readonly T[] =>
    withFormer(now, then, { idOf, isShown: (one) => words.get(idOf(one)) === 'deleted' });
  const rules = <T extends LabNat | LabForward>(now: readonly T[], then: readonly T[]): readonly T[] =>
    withFormer(now, then, { idOf: ruleKey, isShown: ({ netns }) => words.has(nftId(netns, lab.name)) });
  const all = { isShown: () => true };
  const whole: Lab = {
    ...lab,
    namespaces: added(lab.namespaces, former.namespaces, ({ name }) => netnsId(name)),
    bridges: added(lab.bridges, former.bridges, linkId),
    cables: added(lab.cables, former.cables, cableId),
    links: added(lab.links, former.links, linkId),
    addresses: added(lab.addresses, former.addresses, ({ netns, dev }) => addressId(netns, dev)),
    routes: added(lab.routes, former.routes, (route) => routeId(route.netns, route)),
    existing: withFormer(lab.existing, former.existing, { ...all, idOf: ({ name }) => name }),
    processes: added(lab.processes, former.processes, ({ netns, name }) => processId(netns, name)),
    nat: rules(lab.nat, former.nat),
    forwards: rules(lab.forwards, former.forwards),
    lans: withFormer(lab.lans, former.lans, { ...all, idOf: ({ label }) => label }),
  };
  return { lab: whole, words: ruleStatuses(whole, former, words), statuses: words };
}

type FormerParts<T> = { readonly idOf: (one: T) => string; readonly isShown: (one: T) => boolean };

/** The present parts, and the shown ones of the former parts, each behind the part that it followed: nothing changes its place. */
function withFormer<T>(now: readonly T[], then: readonly T[], { idOf, isShown }: FormerParts<T>): readonly T[] {
  const behind = new Map<string | null, T[]>();
  const known = new Set(now.map(idOf));
  let last: string | null = null;
  for (const one of then) {
    const id = idOf(one);
    if (known.has(id)) last = id;
    else if (isShown(one)) appendTo(behind, last, one);
  }
  return [...(behind.get(null) ?? []), ...now.flatMap((one) => [one, ...(behind.get(idOf(one)) ?? [])])];
}

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
