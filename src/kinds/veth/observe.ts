import type { Context } from '../../model/kind.ts';
import type { LinkLive, Live } from '../../model/live.ts';
import type { Found, Resource } from '../../model/resource.ts';
import { absent, foreign, ours } from '../found.ts';
import { findLink, formerOf, labelOf, type Placed, whoseLink } from '../links.ts';
import type { End, EndSettings, VethSpec } from './spec.ts';

/**
 * Both ends, and that each is the other's. One that somebody renamed or moved is reported where it is now, and when one
 * of our ends has another peer than it should, that peer: the pair is then made anew.
 */
export function observeVeth(live: Live, resource: Resource<VethSpec>, context: Context<VethSpec>): Found<VethSpec> {
  const { ends, near, far } = resource.spec;
  const recorded = context.recorded?.spec ?? null;
  const first = findLink(live, ends[0], { context, mac: recorded?.near.mac ?? null });
  const second = findLink(live, ends[1], { context, mac: recorded?.far.mac ?? null });
  if (!first && !second) return absent;
  const spec = specOf(context, resource.spec, [first, second]);
  const notOurs = whose(context, first, near.mac) ?? whose(context, second, far.mac);
  if (notOurs !== null) return foreign(spec, notOurs);
  if (first?.link.kind !== 'veth' && second?.link.kind !== 'veth') return absent;
  return ours(spec);
}

type Sides = readonly [Placed | null, Placed | null];

/** Names the end, because the id names only one of them. */
function whose(context: Context, end: Placed | null, mac: string): string | null {
  const owner = end && whoseLink(context, end.link, mac);
  return owner && `as ${end.name} of ${end.netns}, ${owner}`;
}

function specOf(context: Context, wanted: VethSpec, [first, second]: Sides): VethSpec {
  const settings = {
    near: first ? settingsOf(context, first.link, wanted.near.mac) : UNSEEN,
    far: second ? settingsOf(context, second.link, wanted.far.mac) : UNSEEN,
  };
  if (first && second && isPeer(first.link, second) && isPeer(second.link, first)) {
    return { ends: [endOf(first), endOf(second)], ...settings };
  }
  if (first) return { ends: [endOf(first), peerOf(first.link)], near: settings.near, far: UNSEEN };
  if (!second) return { ends: [NOWHERE, NOWHERE], near: UNSEEN, far: UNSEEN };
  return { ends: [peerOf(second.link), endOf(second)], near: UNSEEN, far: settings.far };
}

const NOWHERE: End = { netns: '', name: '' };
const UNSEEN: EndSettings = { label: '', mac: '', mtu: 0, up: false, master: null, hairpin: false };

const endOf = ({ netns, name }: Placed): End => ({ netns, name });

const isPeer = (link: LinkLive, end: End): boolean =>
  link.kind === 'veth' && link.peer?.netns === end.netns && link.peer.name === end.name;

const peerOf = ({ peer }: LinkLive): End =>
  peer && peer.netns !== null && peer.name !== null ? { netns: peer.netns, name: peer.name } : NOWHERE;

function settingsOf(context: Context, link: LinkLive, wantedMac: string): EndSettings {
  const { mac, mtu, up, master } = link;
  const former = formerOf(link, whoseLink(context, link, wantedMac) === null);
  return { label: labelOf(context, link), mac, mtu, up, master, hairpin: link.hairpin ?? false, ...former };
}
