import type { Context } from '../../model/kind.ts';
import type { LinkLive, Live } from '../../model/live.ts';
import type { Found, Resource } from '../../model/resource.ts';
import { absent, foreign, ours } from '../found.ts';
import { formerOf, labelOf, linkAt, whoseLink } from '../links.ts';
import type { End, EndSettings, VethSpec } from './spec.ts';

/**
 * Both ends by name, and that each is the other's. When one of our ends has another peer than it should (renamed,
 * moved), the peer that it has is reported, so that the pair is made anew.
 */
export function observeVeth(live: Live, resource: Resource<VethSpec>, context: Context<VethSpec>): Found<VethSpec> {
  const { ends, near, far } = resource.spec;
  const sides = [sideOf(live, ends[0]), sideOf(live, ends[1])] as const;
  const [first, second] = sides;
  if (!first.link && !second.link) return absent;
  const spec = specOf(context, resource.spec, sides);
  const notOurs =
    (first.link && whoseLink(context, first.link, near.mac)) ??
    (second.link && whoseLink(context, second.link, far.mac));
  if (notOurs !== null) return foreign(spec, notOurs);
  if (first.link?.kind !== 'veth' && second.link?.kind !== 'veth') return absent;
  return ours(spec);
}

type Side = { readonly end: End; readonly link: LinkLive | null };

const sideOf = (live: Live, end: End): Side => ({ end, link: linkAt(live, end) });

function specOf(context: Context, wanted: VethSpec, sides: readonly [Side, Side]): VethSpec {
  const { ends } = wanted;
  const [first, second] = sides;
  const paired = isPeer(first.link, ends[1]) && isPeer(second.link, ends[0]);
  const settings = {
    near: first.link ? settingsOf(context, first.link, wanted.near.mac) : UNSEEN,
    far: second.link ? settingsOf(context, second.link, wanted.far.mac) : UNSEEN,
  };
  if (paired) return { ends, ...settings };
  if (first.link) return { ends: [ends[0], peerOf(first.link)], near: settings.near, far: UNSEEN };
  return { ends: [second.link ? peerOf(second.link) : NOWHERE, ends[1]], near: UNSEEN, far: settings.far };
}

const NOWHERE: End = { netns: '', name: '' };
const UNSEEN: EndSettings = { label: '', mac: '', mtu: 0, up: false, master: null, hairpin: false };

const isPeer = (link: LinkLive | null, end: End): boolean =>
  link?.kind === 'veth' && link.peer?.netns === end.netns && link.peer.name === end.name;

const peerOf = ({ peer }: LinkLive): End =>
  peer && peer.netns !== null && peer.name !== null ? { netns: peer.netns, name: peer.name } : NOWHERE;

function settingsOf(context: Context, link: LinkLive, wantedMac: string): EndSettings {
  const { mac, mtu, up, master } = link;
  const former = formerOf(link, whoseLink(context, link, wantedMac) === null);
  return { label: labelOf(context, link), mac, mtu, up, master, hairpin: link.hairpin ?? false, ...former };
}
