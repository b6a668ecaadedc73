import type { Lab, Lan } from '../../model/lab.ts';
import { prefixAddressText } from '../../net/prefix.ts';

/** The links, as `netns/name`, that pass no packet: they are down, or the other end of their cable or their bridge is. */
export function downLinks(lab: Lab): ReadonlySet<string> {
  const bridges = new Set(lab.bridges.filter(({ up }) => !up).map(({ netns, name }) => `${netns}/${name}`));
  const isDown = ({
    netns,
    up,
    master,
  }: {
    readonly netns: string;
    readonly up: boolean;
    readonly master: string | null;
  }) => !up || (master !== null && bridges.has(`${netns}/${master}`));
  return new Set([
    ...bridges,
    ...lab.links.filter(isDown).map(({ netns, name }) => `${netns}/${name}`),
    ...lab.cables.flatMap(({ ends }) => (ends.some(isDown) ? ends.map(({ netns, name }) => `${netns}/${name}`) : [])),
  ]);
}

/** The LANs that others than the lab's namespaces may be on: by a link of the machine, or a tunnel that leaves the lab. */
export function openLans(lab: Lab): ReadonlySet<Lan> {
  const leaving = leavingLinks(lab);
  const existing = new Set(lab.existing.map(({ name }) => `host/${name}`));
  if (leaving.links.size === 0 && leaving.bridges.size === 0 && existing.size === 0) return new Set();
  const byBridge = new Set(lab.lans.map(({ bridge }) => (bridge ? `${bridge.netns}/${bridge.name}` : '')));
  // A bridge that is not the first of its LAN: the LAN is not known.
  if ([...leaving.bridges].some((bridge) => !byBridge.has(bridge))) return new Set(lab.lans);
  return new Set(
    lab.lans.filter(
      ({ bridge, members }) =>
        (bridge !== null && leaving.bridges.has(`${bridge.netns}/${bridge.name}`)) ||
        members.some(({ netns, dev }) => leaving.links.has(`${netns}/${dev}`) || existing.has(`${netns}/${dev}`)),
    ),
  );
}

/** Links on a link that the lab does not make, and tunnels to an address that it does not have, or to any; of ports their bridges. */
function leavingLinks(lab: Lab): { readonly links: ReadonlySet<string>; readonly bridges: ReadonlySet<string> } {
  if (lab.links.length === 0) return { links: new Set(), bridges: new Set() };
  const made = new Set(
    [...lab.bridges, ...lab.links, ...lab.cables.flatMap(({ ends }) => ends)].map(
      ({ netns, name }) => `${netns}/${name}`,
    ),
  );
  const addresses = new Set(lab.addresses.flatMap(({ prefixes }) => prefixes.map(prefixAddressText)));
  const found = lab.links.filter(
    ({ lower, tunnel }) =>
      (tunnel === null && lower !== null && !made.has(`${lower.netns}/${lower.name}`)) ||
      tunnel?.remotes.length === 0 ||
      tunnel?.remotes.some((remote) => !addresses.has(remote)),
  );
  return {
    links: new Set(found.map(({ netns, name }) => `${netns}/${name}`)),
    bridges: new Set(found.flatMap(({ netns, master }) => (master === null ? [] : [`${netns}/${master}`]))),
  };
}
