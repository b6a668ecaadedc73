import type { Flow } from '../model/firewall.ts';
import type { Lab, LabAddresses, Lan } from '../model/lab.ts';
import { familyOf } from './address.ts';
import { addressText, containsText } from './prefix.ts';

/** Connections between two members of one bridge of the machine, one a bridge and family. */
export const flowsInside = (lab: Lab): readonly Flow[] =>
  lab.lans.flatMap((lan) =>
    FAMILIES.flatMap((family): Flow[] => {
      if (lan.bridge?.netns !== 'host') return [];
      const { name } = lan.bridge;
      const [one, other] = membersOf(lan, family);
      return one && other ? [{ family, iif: name, oif: name, from: one, to: other, forwarded: false }] : [];
    }),
  );

/**
 * Connections that the lab needs this machine to forward: between its networks and, where there is NAT, to the rest of the
 * world; and those that a port forward lets in. Only for families whose forwarding the lab itself switches on.
 */
export function flowsThrough(lab: Lab): readonly Flow[] {
  return FAMILIES.filter((family) => forwards(lab, family)).flatMap((family) => {
    const ends = lab.addresses
      .filter((one) => one.netns === 'host' && isMade(lab, one.dev))
      .flatMap((one) => endOf(lab, one, family));
    const between = ends.flatMap((a) =>
      ends.flatMap((b): Flow[] =>
        a.dev === b.dev ? [] : [{ family, iif: a.dev, oif: b.dev, from: a.address, to: b.address, forwarded: false }],
      ),
    );
    return [...between, ...outward(lab, family, ends), ...inward(lab, family)];
  });
}

type End = { readonly dev: string; readonly prefix: string; readonly address: string };

const FAMILIES = [4, 6] as const;
const SWITCHES = { 4: 'net/ipv4/ip_forward', 6: 'net/ipv6/conf/all/forwarding' } as const;

const forwards = (lab: Lab, family: 4 | 6): boolean =>
  lab.sysctls.some(({ netns, key, value }) => netns === 'host' && key === SWITCHES[family] && value === '1');

const isMade = (lab: Lab, dev: string): boolean => !lab.existing.some(({ name }) => name === dev);

/** The first neighbour that the lab has on that link, for each of its prefixes. */
function endOf(lab: Lab, { dev, prefixes }: LabAddresses, family: 4 | 6): readonly End[] {
  const lan = lab.lans.find(({ bridge, members }) =>
    bridge === null
      ? members.some((member) => member.netns === 'host' && member.dev === dev)
      : bridge.netns === 'host' && bridge.name === dev,
  );
  if (!lan) return [];
  return prefixes
    .filter((prefix) => familyOf(prefix) === family)
    .flatMap((prefix) => {
      const address = membersOf(lan, family).find((one) => containsText(prefix, one));
      return address === undefined ? [] : [{ dev, prefix, address }];
    });
}

const outward = (lab: Lab, family: 4 | 6, ends: readonly End[]): readonly Flow[] =>
  lab.nat
    .filter(({ netns, from }) => netns === 'host' && (from === null || from.some((one) => familyOf(one) === family)))
    .flatMap(({ from, out }) =>
      ends
        .filter(({ address }) => from === null || from.some((prefix) => containsText(prefix, address)))
        .filter(({ dev }) => dev !== out)
        .map(({ dev, address }) => ({ family, iif: dev, oif: out, from: address, to: null, forwarded: false })),
    );

const inward = (lab: Lab, family: 4 | 6): readonly Flow[] =>
  lab.forwards
    .filter((one) => one.netns === 'host' && one.family === family && one.dev !== null)
    .map(({ dev, target }) => ({ family, iif: null, oif: dev, from: null, to: target.address, forwarded: true }));

const membersOf = ({ members }: Lan, family: 4 | 6): readonly string[] =>
  members
    .filter(({ netns }) => netns !== 'host')
    .flatMap(({ prefixes }) => prefixes.filter((prefix) => familyOf(prefix) === family).slice(0, 1))
    .map(addressText);
