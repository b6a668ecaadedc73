import type { Lab } from '../../model/lab.ts';

/** What a link is routed with: its namespace, and there its VRF. Two that differ may have the same address and subnet. */
export function routingDomains(lab: Lab): (place: DomainPlace) => string {
  const vrfs = new Map(
    [...lab.cables.flatMap(({ ends }) => ends), ...lab.links, ...lab.bridges].flatMap(({ netns, name, l3master }) =>
      l3master === undefined ? [] : [[`${netns}/${name}`, l3master] as const],
    ),
  );
  return ({ netns, dev }) => {
    const l3master = vrfs.get(`${netns}/${dev}`);
    return l3master === undefined ? netns : `${netns} ${l3master}`;
  };
}

type DomainPlace = { readonly netns: string; readonly dev: string };
