import { linkId, linkIdsOf, nftId } from '../../model/ids.ts';
import type { Lab, LabNat } from '../../model/lab.ts';
import { prefixContainsText } from '../../net/prefix.ts';
import type { FeatureDrawing } from '../../picture/model/feature-drawing.ts';

/** NAT of a namespace is a row of its box; that of the host is a gate, with the LAN that goes out through it. */
export const natDrawing: FeatureDrawing = {
  rows: ({ lab, words }, netns) =>
    natOf(lab, netns).map((one) => {
      const id = nftId(netns, lab.name);
      const text = `${natLabel(one)}${one.out === null ? '' : ` out ${one.out}`}`;
      return { id, ids: [id], sort: 'nat', name: one.kind, texts: [text], word: words.get(one) ?? null };
    }),
  gates: ({ lab, words }) =>
    natOf(lab, 'host').map((one, i) => ({
      id: `nat:${i}`,
      ids: [nftId('host', lab.name)],
      word: words.get(one) ?? null,
      sort: 'nat',
      name: one.kind,
      text: natLabel(one),
      inner: natSource(lab, one),
      outer: one.out === null ? null : hostLink(lab, one.out),
    })),
};

const natOf = (lab: Lab, netns: string): readonly LabNat[] => lab.nat.filter((one) => one.netns === netns);

/** `v-net-0`, `any as 203.0.113.5`. */
const natLabel = ({ label, as }: LabNat): string => (as === null ? label : `${label} as ${as.address}`);

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
