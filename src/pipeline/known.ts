import { kinds } from '../kinds/index.ts';
import { idOfNamespace, idOfThing, type Thing } from '../model/change.ts';
import type { Spec } from '../model/json.ts';
import { listJournals, readJournal } from '../store/journal.ts';
import { otherLabs } from '../store/labs.ts';
import { ROOTS } from '../store/roots.ts';

/** Whose something is: a resource, and its lab. */
export type Owner = { readonly lab: string; readonly id: string };

/** What labs have, had a moment ago, or are about to have, as their states and journals say. */
export type Known = {
  readonly ownerOf: (netns: string, thing: Thing) => Owner | null;
  readonly ownerOfNamespace: (netns: string) => Owner | null;
  /** The lab that has something in a namespace. */
  readonly labIn: (netns: string) => string | null;
  readonly refresh: () => void;
};

/** A destroyed lab is forgotten while the kernel still speaks of what it had. */
const REMEMBERED_MS = 5000;

/** `lab` null: of all labs. What cannot be read is left out. */
export function knownOf(lab: string | null): Known {
  const owners = new Map<string, { readonly owner: Owner; readonly seen: number }>();
  const labs = new Map<string, string>();
  const find = (key: string): Owner | null => owners.get(key)?.owner ?? null;
  const refresh = () => {
    const now = performance.now();
    for (const one of [...recorded(), ...intended()].filter((each) => lab === null || each.lab === lab)) {
      labs.set(one.netns, one.lab);
      for (const key of keysOf(one)) owners.set(key, { owner: { lab: one.lab, id: one.id }, seen: now });
    }
    for (const [key, { seen }] of owners) if (now - seen > REMEMBERED_MS) owners.delete(key);
  };
  refresh();
  return {
    ownerOf: (netns, thing) => {
      const id = idOfThing(netns, thing);
      if (id === null) return find(`at ${netns}/${thing.name}`);
      return thing.route === null ? find(`${id} ${thing.name}`) : find(id);
    },
    ownerOfNamespace: (netns) => find(idOfNamespace(netns)),
    labIn: (netns) => labs.get(netns) ?? null,
    refresh,
  };
}

type Owned = Owner & { readonly kind: string; readonly netns: string; readonly specs: readonly Spec[] };

/** Its id, its places, and the single addresses of a link. */
function keysOf({ kind, id, specs }: Owned): readonly string[] {
  const places = specs.flatMap((spec) => kinds.get(kind)?.places?.(spec) ?? []).map((place) => `at ${place}`);
  const prefixes = specs.flatMap(({ prefixes: some }) => (Array.isArray(some) ? some : []));
  return [id, ...places, ...prefixes.map((prefix) => `${id} ${prefix}`)];
}

const recorded = (): readonly Owned[] =>
  otherLabs(ROOTS, null).states.flatMap(({ lab, resources }) =>
    resources.map(({ kind, id, netns, spec }) => ({ lab, kind, id, netns, specs: [spec] })),
  );

const intended = (): readonly Owned[] =>
  listJournals(ROOTS).flatMap((lab) =>
    (readJournal(ROOTS, lab)?.begin.subjects ?? []).map(({ kind, id, netns, intended: after, before }) => ({
      ...{ lab, kind, id, netns },
      specs: [after, before].filter((spec) => spec !== null),
    })),
  );
