import type { Random } from '../random.ts';

/** A topology that is being made: plain values, to be added to. */
export type DraftLab = {
  readonly namespaces: { [name: string]: DraftNamespace };
  readonly bridges: { [name: string]: unknown };
  readonly host: { readonly interfaces: DraftInterfaces };
  readonly [key: string]: unknown;
};

export type DraftInterfaces = { [name: string]: unknown };
export type DraftNamespace = { readonly interfaces: DraftInterfaces; readonly [key: string]: unknown };

/** Something that random labs can have on top of namespaces, bridges and cables: one file of this folder each. */
export type LabPart = {
  /** As the tables of a run call it. */
  readonly name: string;
  /** Adds it to a lab, chosen by the dice; false: the lab has no place for it, and nothing was added. */
  readonly add: (lab: DraftLab, dice: Random) => boolean;
};

/** An interface that another link can stand on. `ip`: its addresses. */
export type LanEnd = {
  readonly netns: string;
  /** The number of the namespace in the lab, for addresses. */
  readonly nth: number;
  readonly dev: string;
  readonly lan: string;
  readonly ip: readonly string[];
};

/** The interfaces of namespaces on bridges of the host that are up and have written addresses. */
export const lanEnds = ({ namespaces }: DraftLab): readonly LanEnd[] =>
  Object.entries(namespaces).flatMap(([netns, { interfaces }], nth) =>
    Object.entries(interfaces).flatMap(([dev, value]): readonly LanEnd[] => {
      const { bridge, state, address } = Object(value);
      if (typeof bridge !== 'string' || bridge.includes(':') || state === 'down' || address === undefined) return [];
      return [{ netns, nth, dev, lan: bridge, ip: [address].flat() }];
    }),
  );

/** One of a list; null: it is empty. */
export const pick = <T>(dice: Random, items: readonly T[]): T | null => items[dice.below(items.length)] ?? null;
