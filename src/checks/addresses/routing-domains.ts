import type { Lab } from '../../model/lab.ts';

/** What a link is routed with: its namespace, and there its VRF. Two that differ may have the same address and subnet. */
export function routingDomains(lab: Lab): (place: LinkPlace) => string {
  const vrfs = new Map(
    [...lab.cables.flatMap(({ ends }) => ends), ...lab.links].flatMap(({ netns, name, vrf }) =>
      vrf === undefined ? [] : [[`${netns}/${name}`, vrf] as const],
    ),
  );
  return ({ netns, dev }) => {
    const vrf = vrfs.get(`${netns}/${dev}`);
    return vrf === undefined ? netns : `${netns} ${vrf}`;
  };
}

type LinkPlace = { readonly netns: string; readonly dev: string };
