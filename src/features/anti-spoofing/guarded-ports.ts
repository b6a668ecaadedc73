import { FORWARDING_SYSCTL_KEYS } from '../../lab/sysctls/forwarding.ts';
import type { Lab, LabCable, LabEnd, LabLink } from '../../model/lab.ts';
import type { LabNftRule } from '../../model/lab-parts/lab-registers.ts';
import { familyOf } from '../../net/address.ts';
import { linkLocalOf } from '../../net/mac.ts';
import { networkText } from '../../net/prefix.ts';
import type { PortGuardRule } from './rule.ts';
import { type LabGuardedBridge, labGuardedBridges } from './topology.ts';

/** The part of the lab's tables with these rules. */
export const ANTI_SPOOFING = 'antiSpoofing';

/**
 * One rule for each port of a guarded bridge that an interface of the lab is behind. Ports that lead to another bridge or to a
 * NIC have anything behind them, and no rule.
 */
export function guardRules(lab: Lab): readonly LabNftRule[] {
  const ends = guardedEnds(lab);
  if (ends.length === 0) return [];
  const sources = {
    lab,
    addresses: addressesByLink(lab),
    links: new Map(lab.links.map((one) => [placeKey(one), one])),
  };
  return ends.flatMap((one): readonly LabNftRule[] => {
    const rule = guardOf(one, sources);
    const { port, bridge } = one;
    return rule === null ? [] : [{ netns: port.netns, part: ANTI_SPOOFING, rule: rule as never, at: bridge.at }];
  });
}

type GuardedEnds = {
  readonly bridge: LabGuardedBridge;
  readonly cable: LabCable;
  readonly port: LabEnd;
  readonly end: LabEnd;
};

/** The ports of guarded bridges, each with the other end of its cable. */
export function guardedEnds(lab: Lab): readonly GuardedEnds[] {
  return labGuardedBridges(lab).flatMap((bridge) =>
    lab.cables.flatMap((cable) => {
      const [left, right] = cable.ends;
      return [
        { bridge, cable, port: left, end: right },
        { bridge, cable, port: right, end: left },
      ].filter(({ port }) => port.netns === bridge.netns && port.master === bridge.bridge);
    }),
  );
}

type GuardSources = {
  readonly lab: Lab;
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly links: ReadonlyMap<string, LabLink>;
};

function guardOf({ bridge: { bridge }, port, end }: GuardedEnds, sources: GuardSources): PortGuardRule | null {
  // A bridge is not among these links; a bond has the MAC of its ports.
  const bundle = end.master === null ? undefined : sources.links.get(`${end.netns}/${end.master}`);
  if (end.master !== null && !bundle) return null;
  const behind = [end, ...(bundle ? [bundle] : []), ...stackedOn(bundle ?? end, sources.lab)];
  if (behind.some((one) => one !== end && one.master !== null)) return null;
  const macs = [...new Set(behind.map(({ mac }) => mac).filter((mac) => mac !== ''))];
  const places = [...behind.map(placeKey), ...behind.map(({ netns }) => `${netns}/lo`)];
  const written = places.flatMap((place) => sources.addresses.get(place) ?? []);
  return {
    ...{ bridge, dev: port.name, label: `${end.netns}:${end.label}`, macs },
    addresses: [...new Set([...written, ...macs.map(linkLocalOf)])],
    routes: { 4: routesOf(4, behind, sources.lab), 6: routesOf(6, behind, sources.lab) },
  };
}

const placeKey = ({ netns, name }: { readonly netns: string; readonly name: string }): string => `${netns}/${name}`;

/** The links that send through a link as they are, without packing what they send into something else. */
function stackedOn(below: Pick<LabLink, 'netns' | 'name'>, lab: Lab): readonly LabLink[] {
  const own = lab.links.filter(
    ({ tunnel, lower }) => tunnel === null && lower?.netns === below.netns && lower.name === below.name,
  );
  return own.flatMap((link) => [link, ...stackedOn(link, lab)]);
}

const addressesByLink = ({ addresses }: Lab): GuardSources['addresses'] =>
  new Map(
    addresses.map(({ netns, dev, prefixes }) => [
      `${netns}/${dev}`,
      prefixes.map((prefix) => prefix.slice(0, prefix.lastIndexOf('/'))),
    ]),
  );

type Behind = readonly Pick<LabLink, 'netns' | 'name'>[];

/** The networks of the LANs that these links are on, where one of their namespaces forwards. What the machine forwards is not known. */
function routesOf(family: 4 | 6, behind: Behind, { lans, namespaces }: Lab): readonly string[] | null {
  const forwards = behind.some(({ netns }) => {
    const sysctls = namespaces.find(({ name }) => name === netns)?.sysctls;
    return sysctls === undefined || FORWARDING_SYSCTL_KEYS[family].some((key) => sysctls[key] === '1');
  });
  if (!forwards) return null;
  const places = new Set(behind.map(placeKey));
  const own = lans.filter(({ members }) => members.some(({ netns, dev }) => places.has(`${netns}/${dev}`)));
  return [...new Set(own.flatMap(({ subnets }) => subnets.map(networkText)).filter((one) => familyOf(one) === family))];
}
