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
    natOf(lab, 'host').map((one, i) => {
      const sources = natSources(lab, one);
      return {
        id: `nat:${i}`,
        ids: [nftId('host', lab.name)],
        word: words.get(one) ?? null,
        sort: 'nat',
        name: one.kind,
        text: natLabel(one),
        inner: sources.length === 1 ? (sources[0] ?? null) : null,
        outer: one.out === null ? null : hostLink(lab, one.out),
        ...(sources.length > 1 ? { sources } : {}),
      };
    }),
};

const natOf = (lab: Lab, netns: string): readonly LabNat[] => lab.nat.filter((one) => one.netns === netns);

/** `v-net-0`, `any as 203.0.113.5`. */
const natLabel = ({ label, as }: LabNat): string => (as === null ? label : `${label} as ${as.address}`);

/** The switch that a NAT entry names, or the switches and NICs of the host on the LANs that it names; all of them for `any`. */
function natSources(lab: Lab, { label, from }: LabNat): readonly string[] {
  const named = lab.bridges.find((one) => one.netns === 'host' && (one.label === label || one.name === label));
  if (named) return [linkId(named)];
  const isFrom = (subnet: string) =>
    from === null || from.some((prefix) => prefixContainsText(prefix, subnet.split('/')[0] ?? ''));
  const links = linkIdsOf(lab);
  const hosts = new Set(lab.addresses.filter(({ netns }) => netns === 'host').map(({ dev }) => dev));
  return lab.lans
    .filter(({ subnets }) => subnets.some(isFrom))
    .flatMap(({ bridge, members }) => {
      const dev = bridge === null ? members.find(({ netns }) => netns === 'host')?.dev : bridge.name;
      if (dev === undefined || (bridge !== null && bridge.netns !== 'host') || !hosts.has(dev)) return [];
      return bridge === null ? [`nic:${dev}`] : (links.get(`host/${dev}`) ?? []);
    });
}

function hostLink(lab: Lab, name: string): string | null {
  const bridge = lab.bridges.find((one) => one.netns === 'host' && one.name === name);
  if (bridge) return linkId(bridge);
  const ends = lab.cables.flatMap((cable) => cable.ends);
  const isNic = ends.some((end) => end.netns === 'host' && end.name === name && end.master === null);
  return isNic || lab.existing.some((one) => one.name === name) ? `nic:${name}` : null;
}
