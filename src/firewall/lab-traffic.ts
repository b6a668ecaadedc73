import type { ProbePacket } from '../model/kernel/firewall.ts';
import type { Lab, LabAddresses, Lan } from '../model/lab.ts';
import { familyOf } from '../net/address.ts';
import { prefixAddressText, prefixContainsText } from '../net/prefix.ts';

/**
 * Connections between two members of one bridge of the machine, one a bridge and family. None where a program switches:
 * such frames pass no filter.
 */
export function bridgedFlows(lab: Lab): readonly ProbePacket[] {
  const ofPrograms = new Set(
    lab.bridges.flatMap(({ netns, name, madeByProgram }) => (madeByProgram ? `${netns}/${name}` : [])),
  );
  return lab.lans.flatMap((lan) =>
    FLOW_FAMILIES.flatMap((family): ProbePacket[] => {
      if (lan.bridge?.netns !== 'host' || ofPrograms.has(`host/${lan.bridge.name}`)) return [];
      const { name } = lan.bridge;
      const [one, other] = memberAddresses(lan, family);
      return one && other ? [{ family, iif: name, oif: name, from: one, to: other, forwarded: false }] : [];
    }),
  );
}

/**
 * Connections that the lab needs this machine to forward: between its networks and, where there is NAT, to the rest of the
 * world; and those that a port forward lets in. Only for families whose forwarding the lab itself switches on.
 */
export function forwardedFlows(lab: Lab): readonly ProbePacket[] {
  return FLOW_FAMILIES.filter((family) => isForwarding(lab, family)).flatMap((family) => {
    const ends = lab.addresses
      .filter((one) => one.netns === 'host' && isLabDevice(lab, one.dev))
      .flatMap((one) => flowEndpoints(lab, one, family));
    const between = ends.flatMap((a) =>
      ends.flatMap((b): ProbePacket[] =>
        a.dev === b.dev ? [] : [{ family, iif: a.dev, oif: b.dev, from: a.address, to: b.address, forwarded: false }],
      ),
    );
    return [...between, ...natFlows(lab, family, ends), ...portForwardFlows(lab, family)];
  });
}

type FlowEndpoint = { readonly dev: string; readonly prefix: string; readonly address: string };

const FLOW_FAMILIES = [4, 6] as const;
const FORWARDING_SYSCTLS = { 4: 'net/ipv4/ip_forward', 6: 'net/ipv6/conf/all/forwarding' } as const;

const isForwarding = (lab: Lab, family: 4 | 6): boolean =>
  lab.sysctls.some(({ netns, key, value }) => netns === 'host' && key === FORWARDING_SYSCTLS[family] && value === '1');

const isLabDevice = (lab: Lab, dev: string): boolean => !lab.existing.some(({ name }) => name === dev);

/** The first neighbour that the lab has on that link, for each of its prefixes. */
function flowEndpoints(lab: Lab, { dev, prefixes }: LabAddresses, family: 4 | 6): readonly FlowEndpoint[] {
  const lan = lab.lans.find(({ bridge, members }) =>
    bridge === null
      ? members.some((member) => member.netns === 'host' && member.dev === dev)
      : bridge.netns === 'host' && bridge.name === dev,
  );
  if (!lan) return [];
  return prefixes
    .filter((prefix) => familyOf(prefix) === family)
    .flatMap((prefix) => {
      const address = memberAddresses(lan, family).find((one) => prefixContainsText(prefix, one));
      return address === undefined ? [] : [{ dev, prefix, address }];
    });
}

const natFlows = (lab: Lab, family: 4 | 6, ends: readonly FlowEndpoint[]): readonly ProbePacket[] =>
  lab.nat
    .filter(({ netns, from }) => netns === 'host' && (from === null || from.some((one) => familyOf(one) === family)))
    .flatMap(({ from, out }) =>
      ends
        .filter(({ address }) => from === null || from.some((prefix) => prefixContainsText(prefix, address)))
        .filter(({ dev }) => dev !== out)
        .map(({ dev, address }) => ({ family, iif: dev, oif: out, from: address, to: null, forwarded: false })),
    );

const portForwardFlows = (lab: Lab, family: 4 | 6): readonly ProbePacket[] =>
  lab.forwards
    .filter((one) => one.netns === 'host' && one.family === family && one.dev !== null)
    .map(({ dev, target }) => ({ family, iif: null, oif: dev, from: null, to: target.address, forwarded: true }));

const memberAddresses = ({ members }: Lan, family: 4 | 6): readonly string[] =>
  members
    .filter(({ netns }) => netns !== 'host')
    .flatMap(({ prefixes }) => prefixes.filter((prefix) => familyOf(prefix) === family).slice(0, 1))
    .map(prefixAddressText);
