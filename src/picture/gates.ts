import { bridgeId, netnsId, nftId } from '../model/ids.ts';
import type { Lab, LabForward, LabNat } from '../model/lab.ts';
import { containsText } from '../net/prefix.ts';
import type { Whole } from './former.ts';
import type { Gate } from './picture.ts';
import { listenText, merged, natText, targetText } from './rows.ts';

/** NAT and forwards of the host: who goes out through it, and where what comes in is sent. */
export function gatesOf({ lab, words }: Whole): readonly Gate[] {
  const table = nftId('host', lab.name);
  const nat = lab.nat.filter(({ netns }) => netns === 'host');
  const forwards = merged(lab.forwards.filter(({ netns }) => netns === 'host'));
  return [
    ...nat.map((one, i): Gate => {
      const ids = [table];
      const common = { id: `nat:${i}`, ids, word: words.get(one) ?? null };
      const outer = one.out === null ? null : linkOf(lab, one.out);
      return { ...common, sort: 'nat', name: one.kind, text: natText(one), inner: sourceOf(lab, one), outer };
    }),
    ...forwards.map((one, i): Gate => {
      const common = { id: `forward:${i}`, ids: [table], word: words.get(one) ?? null };
      const text = targetText(one);
      return { ...common, sort: 'forward', name: listenText(one), text, inner: targetOf(lab, one), outer: null };
    }),
  ];
}

/** The switch that a NAT entry names, or the only one of the host with a subnet which it names. */
function sourceOf(lab: Lab, { label, from }: LabNat): string | null {
  const named = lab.bridges.find((one) => one.netns === 'host' && (one.label === label || one.name === label));
  if (named) return bridgeId('host', named.name);
  const isFrom = (subnet: string) => from?.some((prefix) => containsText(prefix, subnet.split('/')[0] ?? ''));
  const lans = lab.lans.filter(({ bridge, subnets }) => bridge?.netns === 'host' && subnets.some(isFrom));
  const [lan] = lans;
  return lan?.bridge && lans.length === 1 ? bridgeId('host', lan.bridge.name) : null;
}

function linkOf(lab: Lab, name: string): string | null {
  const isSwitch = lab.bridges.some((one) => one.netns === 'host' && one.name === name);
  if (isSwitch) return bridgeId('host', name);
  const ends = lab.cables.flatMap((cable) => cable.ends);
  const isNic = ends.some((end) => end.netns === 'host' && end.name === name && end.master === null);
  return isNic || lab.existing.some((one) => one.name === name) ? `nic:${name}` : null;
}

function targetOf(lab: Lab, { target }: LabForward): string | null {
  const found = lab.addresses.find(({ prefixes }) =>
    prefixes.some((prefix) => prefix.split('/')[0] === target.address),
  );
  return found === undefined || found.netns === 'host' ? null : netnsId(found.netns);
}
