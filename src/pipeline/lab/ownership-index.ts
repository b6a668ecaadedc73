import type { Spec } from '../../model/json.ts';
import { type MonitorObject, monitorNetnsId, monitorObjectId } from '../../model/kernel/monitor-event.ts';
import { elapsedMs } from '../../model/values/elapsed.ts';
import { kinds } from '../../registry/kinds.ts';
import { listJournals, readJournal } from '../../store/journal.ts';
import { readOtherLabs } from '../../store/shared-resources.ts';
import type { Store } from '../../store/store.ts';

/** Whose something is: a resource, and its lab. */
export type ResourceOwner = { readonly lab: string; readonly id: string };

/** What labs have, had a moment ago, or are about to have, as their states and journals say. */
export type OwnershipIndex = {
  readonly ownerOf: (netns: string, thing: MonitorObject) => ResourceOwner | null;
  readonly ownerOfNamespace: (netns: string) => ResourceOwner | null;
  /** The lab that has something in a namespace. */
  readonly labIn: (netns: string) => string | null;
  readonly refresh: () => void;
};

/** A destroyed lab is forgotten while the kernel still speaks of what it had. */
const OWNER_TTL_MS = 5000;

/** `lab` null: of all labs. What cannot be read is left out. */
export function buildOwnershipIndex(store: Store, lab: string | null): OwnershipIndex {
  const owners = new Map<string, { readonly owner: ResourceOwner; readonly seen: number }>();
  const labs = new Map<string, string>();
  const find = (key: string): ResourceOwner | null => owners.get(key)?.owner ?? null;
  const refresh = () => {
    const now = elapsedMs();
    for (const one of [...entriesFromStates(store), ...entriesFromJournals(store)].filter(
      (each) => lab === null || each.lab === lab,
    )) {
      labs.set(one.netns, one.lab);
      for (const key of ownershipKeys(one)) owners.set(key, { owner: { lab: one.lab, id: one.id }, seen: now });
    }
    for (const [key, { seen }] of owners) if (now - seen > OWNER_TTL_MS) owners.delete(key);
  };
  refresh();
  return {
    ownerOf: (netns, thing) => {
      const id = monitorObjectId(netns, thing);
      if (id === null) return find(`at ${netns}/${thing.name}`);
      return thing.route === null ? find(`${id} ${thing.name}`) : find(id);
    },
    ownerOfNamespace: (netns) => find(monitorNetnsId(netns)),
    labIn: (netns) => labs.get(netns) ?? null,
    refresh,
  };
}

type OwnershipEntry = ResourceOwner & {
  readonly kind: string;
  readonly netns: string;
  readonly specs: readonly Spec[];
};

/** Its id, its places, and the single addresses of a link. */
function ownershipKeys({ kind, id, specs }: OwnershipEntry): readonly string[] {
  const places = specs.flatMap((spec) => kinds.get(kind)?.claims?.(spec) ?? []).map((place) => `at ${place}`);
  const prefixes = specs.flatMap(({ prefixes: some }) => (Array.isArray(some) ? some : []));
  return [id, ...places, ...prefixes.map((prefix) => `${id} ${prefix}`)];
}

const entriesFromStates = (store: Store): readonly OwnershipEntry[] =>
  readOtherLabs(store, null).states.flatMap(({ lab, resources }) =>
    resources.map(({ kind, id, netns, spec }) => ({ lab, kind, id, netns, specs: [spec] })),
  );

const entriesFromJournals = (store: Store): readonly OwnershipEntry[] =>
  listJournals(store).flatMap((lab) =>
    (readJournal(store, lab)?.begin.subjects ?? []).map(({ kind, id, netns, intended: after, before }) => ({
      lab,
      kind,
      id,
      netns,
      specs: [after, before].filter((spec) => spec !== null),
    })),
  );
