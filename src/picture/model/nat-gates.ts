import { linkId, linkIdsOf, netnsId, nftId } from '../../model/ids.ts';
import type { Lab, LabForward, LabNat } from '../../model/lab.ts';
import { prefixContainsText } from '../../net/prefix.ts';
import { forwardTargetLabel, listenLabel, mergeFamilies, natLabel } from './box-rows.ts';
import type { NatGate } from './picture.ts';
import type { PictureLab } from './removed-parts.ts';

/** NAT and forwards of the host: who goes out through it, and where what comes in is sent. */
export function natGates({ lab, words }: PictureLab): readonly NatGate[] {
  const table = nftId('host', lab.name);
  const nat = lab.nat.filter(({ netns }) => netns === 'host');
  const forwards = mergeFamilies(lab.forwards.filter(({ netns }) => netns === 'host'));
  return [
    ...nat.map((one, i): NatGate => {
      const ids = [table];
      const common = { id: `nat:${i}`, ids, word: words.get(one) ?? null };
      const outer = one.out === null ? null : hostLink(lab, one.out);
      return { ...common, sort: 'nat', name: one.kind, text: natLabel(one), inner: natSource(lab, one), outer };
    }),
    ...forwards.map((one, i): NatGate => {
      const common = { id: `forward:${i}`, ids: [table], word: words.get(one) ?? null };
      const text = forwardTargetLabel(one);
      return { ...common, sort: 'forward', name: listenLabel(one), text, inner: forwardTarget(lab, one), outer: null };
    }),
  ];
}

/** The switch that a NAT entry names, or the only one of the host with a subnet which it names. */
function natSource(lab: Lab, { label, from }: LabNat): string | null {
  const named = lab.bridges.find((one) => one.netns === 'host' && (one.label === label || one.name === label));
  if (named) return linkId(named);
  const isFrom = (subnet: string) => from?.some((prefix) => prefixContainsText(prefix, subnet.split('/')[0] ?? ''));
  const lans = lab.lans.filter(({ bridge, subnets }) => bridge?.netns === 'host' && subnets.some(isFrom));
  const [lan] = lans;
  return lan?.bridge && lans.length === 1 ? (linkIdsOf(lab).get(`host/${lan.bridge.name}`) ?? null) : null;
}

function hostLink(lab: Lab, name: string): string | null {
  const bridge = lab.bridges.find((one) => one.netns === 'host' && one.name === name);
  if (bridge) return linkId(bridge);
  const ends = lab.cables.flatMap((cable) => cable.ends);
  const isNic = ends.some((end) => end.netns === 'host' && end.name === name && end.master === null);
  return isNic || lab.existing.some((one) => one.name === name) ? `nic:${name}` : null;
}

function forwardTarget(lab: Lab, { target }: LabForward): string | null {
  const found = lab.addresses.find(({ prefixes }) =>
    prefixes.some((prefix) => prefix.split('/')[0] === target.address),
  );
  return found === undefined || found.netns === 'host' ? null : netnsId(found.netns);
}
