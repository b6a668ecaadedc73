import { netnsId, nftId } from '../../model/ids.ts';
import type { Lab, LabForward } from '../../model/lab.ts';
import { bracketIpv6 } from '../../net/address.ts';
import { portRangeText } from '../../net/port-range.ts';
import type { FeatureDrawing } from '../../picture/model/feature-drawing.ts';

/** A forward of a namespace is a row of its box; one of the host is a gate, with the namespace that it leads to. */
export const forwardDrawing: FeatureDrawing = {
  rows: ({ lab, words }, netns) =>
    forwardsOf(lab, netns).map((one) => {
      const id = nftId(netns, lab.name);
      const texts = [forwardTargetLabel(lab, one)];
      return { id, ids: [id], sort: 'forward', name: listenLabel(one), texts, word: words.get(one) ?? null };
    }),
  gates: ({ lab, words }) =>
    forwardsOf(lab, 'host').map((one, i) => ({
      id: `forward:${i}`,
      ids: [nftId('host', lab.name)],
      word: words.get(one) ?? null,
      sort: 'forward',
      name: listenLabel(one),
      text: forwardTargetLabel(lab, one),
      inner: forwardTarget(lab, one),
      outer: null,
    })),
};

/** The forwards of a namespace; a forward of both families is drawn once. */
function forwardsOf(lab: Lab, netns: string): readonly LabForward[] {
  const seen = new Set<string>();
  return lab.forwards.filter((one) => {
    if (one.netns !== netns) return false;
    const to = one.weight === undefined ? [one.target.label, one.target.ports] : [one.at.join('/')];
    const key = JSON.stringify([one.address, one.ports, one.protocols, ...to]);
    return !seen.has(key) && seen.add(key);
  });
}

function forwardTarget(lab: Lab, { target }: LabForward): string | null {
  const found = lab.addresses.find(({ prefixes }) =>
    prefixes.some((prefix) => prefix.split('/')[0] === target.address),
  );
  return found === undefined || found.netns === 'host' ? null : netnsId(found.netns);
}

/** `:8080/tcp`, `127.0.0.1:53/tcp+udp`. */
const listenLabel = ({ address, ports, protocols }: LabForward): string =>
  `${address === null ? '' : bracketIpv6(address)}:${portRangeText(ports)}/${protocols.join('+')}`;

/** `blue:80`, `3 targets`. */
function forwardTargetLabel(lab: Lab, { target: { label, ports }, weight, at }: LabForward): string {
  const place = at.join('/');
  const others = weight === undefined ? [] : lab.forwards.filter((one) => one.at.join('/') === place);
  const count = new Set(others.map(({ target }) => `${target.label}:${target.ports.first}`)).size;
  return count > 1 ? `${count} targets` : `${bracketIpv6(label)}:${portRangeText(ports)}`;
}
