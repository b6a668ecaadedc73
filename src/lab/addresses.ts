import type { LabAddresses } from '../model/lab.ts';
import { allocate } from './allocate.ts';
import { writtenOf } from './place.ts';
import type { Link, Placed, Segment, Source, World } from './world.ts';
import { writtenAnywhere } from './written.ts';

type Ground = Source & { readonly segmentOf: ReadonlyMap<Link, Segment> };

/** The addresses of every link, written and automatic; only links that have one are in the map. */
export function placeAddresses(links: readonly Link[], ground: Ground): World['placedOn'] {
  const applicants = links.flatMap((link) => {
    const segment = ground.segmentOf.get(link);
    return link.automatic && segment ? [{ link, segment }] : [];
  });
  const reserved = writtenAnywhere(ground.topology);
  const given = allocate(applicants, { reserved, sticky: ground.sticky, report: ground.report });
  return new Map(
    links.flatMap((link): [Link, readonly Placed[]][] => {
      const all = [...writtenOf(link, segmentFor(link, ground), ground.report), ...(given.get(link) ?? [])];
      return all.length > 0 ? [[link, all]] : [];
    }),
  );
}

/** All addresses of one link as one entry. */
export function labAddresses({ placedOn }: Pick<World, 'placedOn'>): readonly LabAddresses[] {
  return [...placedOn].map(([link, all]) => ({
    netns: link.netns,
    dev: link.name,
    prefixes: all.map(({ text }) => text),
    automatic: all.filter(({ automatic }) => automatic).map(({ text }) => text),
    at: link.at,
  }));
}

/** A port lies on its bridge's LAN, for the length of an address that it should not have. */
const segmentFor = (link: Link, { segmentOf }: Ground): Segment | null =>
  segmentOf.get(link) ?? (link.master && segmentOf.get(link.master)) ?? null;
