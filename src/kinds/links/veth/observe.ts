import type { LinkLive } from '../../../model/kernel/live-state.ts';
import type { LiveState } from '../../../model/kernel/need.ts';
import type { KindContext } from '../../../model/kind.ts';
import type { Observation, Resource } from '../../../model/resource.ts';
import { comparedPortSettings, VETH_COST } from '../../../net/bridge-port.ts';
import { absentObservation, ownObservation } from '../../observation.ts';
import { findLink, foreignLinkOwner, type LinkLocation, linkLabel, originalLinkMark } from '../link-attributes.ts';
import { adoptableObservation, findLosses, hasOtherFields, replacedObservation } from '../link-losses.ts';
import { portField } from '../link-spec.ts';
import type { VethEnd, VethEndSettings, VethSpec } from './spec.ts';

/**
 * Both ends, and that each is the other's peer. An end that was renamed or moved is reported where it is now; when one of
 * our ends has another peer than it should, that peer is reported, and the pair is replaced.
 */
export function observeVeth(
  live: LiveState,
  resource: Resource<VethSpec>,
  context: KindContext<VethSpec>,
): Observation<VethSpec> {
  const { ends, near, far } = resource.spec;
  const recorded = context.recorded?.spec ?? null;
  const first = findLink(live, ends[0], { context, mac: recorded?.near.mac ?? null });
  const second = findLink(live, ends[1], { context, mac: recorded?.far.mac ?? null });
  if (!first && !second) return absentObservation;
  const spec = specOf(context, resource.spec, [first, second]);
  const notOurs = whose(context, first, near.mac) ?? whose(context, second, far.mac);
  const isVeth = first?.link.kind === 'veth' || second?.link.kind === 'veth';
  if (notOurs !== null) {
    const losses = isVeth ? lossesOfEnds(live, resource, { ends: [first, second], context }) : [];
    return adoptableObservation(spec, { whose: notOurs, losses });
  }
  if (!isVeth) return absentObservation;
  const links = [first, second].flatMap((end) => (end ? [end.link] : []));
  return hasOtherFields(spec, resource.spec, ['ends'])
    ? replacedObservation(spec, links, context)
    : ownObservation(spec);
}

/** What the ends of a pair would lose by becoming the file's. */
const lossesOfEnds = (
  live: LiveState,
  { spec, unspecified = [] }: Resource<VethSpec>,
  { ends, context }: { readonly ends: VethLinkPair; readonly context: KindContext<VethSpec> },
): ReturnType<typeof findLosses> =>
  ends.flatMap((end, i) => {
    const [side, wanted] = i === 0 ? (['near', spec.near] as const) : (['far', spec.far] as const);
    const isMacKept = unspecified.some(([one, field]) => one === side && field === 'mac');
    const { mac, up, master } = wanted;
    const settings = { mac: isMacKept ? null : mac, up, master };
    return end ? findLosses(live, end, { wanted: settings, context: { ...context, recorded: null } }) : [];
  });

type VethLinkPair = readonly [LinkLocation | null, LinkLocation | null];

/** Names the end, because the id names only one of them. */
function whose(context: KindContext, end: LinkLocation | null, mac: string): string | null {
  const owner = end && foreignLinkOwner(context, end.link, mac);
  return owner && `as ${end.name} of ${end.netns}, ${owner}`;
}

function specOf(context: KindContext, wanted: VethSpec, [first, second]: VethLinkPair): VethSpec {
  const settings = {
    near: first ? settingsOf(context, first.link, wanted.near) : UNSEEN,
    far: second ? settingsOf(context, second.link, wanted.far) : UNSEEN,
  };
  if (first && second && isPeer(first.link, second) && isPeer(second.link, first)) {
    return { ends: [endOf(first), endOf(second)], ...settings };
  }
  if (first) return { ends: [endOf(first), peerOf(first.link)], near: settings.near, far: UNSEEN };
  if (!second) return { ends: [NOWHERE, NOWHERE], near: UNSEEN, far: UNSEEN };
  return { ends: [peerOf(second.link), endOf(second)], near: UNSEEN, far: settings.far };
}

const NOWHERE: VethEnd = { netns: '', name: '' };
const UNSEEN: VethEndSettings = { label: '', mac: '', mtu: 0, up: false, master: null, hairpin: false };

const endOf = ({ netns, name }: LinkLocation): VethEnd => ({ netns, name });

const isPeer = (link: LinkLive, end: VethEnd): boolean =>
  link.kind === 'veth' && link.peer?.netns === end.netns && link.peer.name === end.name;

const peerOf = ({ peer }: LinkLive): VethEnd =>
  peer && peer.netns !== null && peer.name !== null ? { netns: peer.netns, name: peer.name } : NOWHERE;

function settingsOf(context: KindContext, link: LinkLive, wanted: VethEndSettings): VethEndSettings {
  const { mac, mtu, up, master } = link;
  const former = originalLinkMark(link, foreignLinkOwner(context, link, wanted.mac) === null);
  const port = portField(comparedPortSettings(link.port ?? {}, wanted.portSettings, [VETH_COST]));
  return { label: linkLabel(context, link), mac, mtu, up, master, hairpin: link.hairpin ?? false, ...port, ...former };
}
