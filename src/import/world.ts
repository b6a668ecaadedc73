import type { Inventory } from '../model/inventory.ts';
import type { LinkLive, NetnsLive } from '../model/live.ts';

/** What is imported, and how. */
export type Choice = {
  /** The lab's name. */
  readonly name: string;
  /** `touched`: of the machine only what the namespaces are connected to. `whole`: everything of it, too. */
  readonly host: 'touched' | 'whole';
  /** `exact`: the ports of bridges keep their names. `own`: netform names those that nobody has to type. */
  readonly ports: 'exact' | 'own';
};

/** One end of a link. */
export type End = { readonly netns: string; readonly link: LinkLive };

/** A veth pair that is imported. `near` is the end that people name first. */
export type Pair = { readonly near: End; readonly far: End };

/** A bridge with all that is on its LAN: interfaces of any namespace, the bridge itself left out. */
export type LanFound = {
  readonly bridge: End;
  readonly members: readonly End[];
  /** Whether another bridge is plugged into it, or a vxlan. */
  readonly isJoined: boolean;
};

/** What is imported, as it was found. */
export type Found = {
  readonly choice: Choice;
  readonly inventory: Inventory;
  /** The namespaces and then the host. */
  readonly places: readonly string[];
  readonly pairs: readonly Pair[];
  /** Ends of overlays, of those sorts that a topology has. */
  readonly vxlans: readonly End[];
  readonly lans: readonly LanFound[];
  readonly unknown: (line: string) => void;
};

export const keyOf = ({ netns, link }: End): string => `${netns}/${link.name}`;

export const thereIn = ({ inventory }: Found, netns: string): NetnsLive | null =>
  inventory.live.netns.get(netns) ?? null;

/** The bridge that an end is a port of; null: none. */
export function bridgeOf(found: Found, { netns, link }: End): LanFound | null {
  return found.lans.find(({ bridge }) => bridge.netns === netns && bridge.link.name === link.master) ?? null;
}

/** The LAN that an interface is on, or that a bridge is. */
export const lanOf = (found: Found, end: End): LanFound | null =>
  found.lans.find(({ bridge, members }) => [bridge, ...members].some((one) => keyOf(one) === keyOf(end))) ?? null;

/** `10.0.0.1/24`: without link-local ones and those of `lo` itself. */
export const addressesOf = (found: Found, { netns, link }: End): readonly string[] =>
  (thereIn(found, netns)?.addresses ?? [])
    .filter(({ dev, scope, prefix }) => dev === link.name && scope !== 'link' && !LOOPBACK.has(prefix))
    .map(({ prefix }) => prefix);

const LOOPBACK = new Set(['127.0.0.1/8', '::1/128']);

/** How people call a namespace. */
export const placeWords = (netns: string): string => (netns === 'host' ? 'the machine' : netns);
