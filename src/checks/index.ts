import type { Diagnostic } from '../model/diagnostic.ts';
import type { Lab } from '../model/lab.ts';
import type { Live, Query } from '../model/live.ts';
import type { Topology } from '../model/topology.ts';
import { BRIDGE_FILTER } from '../net/blocked.ts';
import { flowsInside, flowsThrough } from '../net/flows.ts';
import { ambiguousName } from './ambiguous-name.ts';
import type { LabCheck, MachineCheck, MachineContext } from './check.ts';
import { pluginTypes } from './cni/types.ts';
import { cniDuplicate } from './cni-duplicate.ts';
import { cniMissingKey } from './cni-missing-key.ts';
import { cniOrder } from './cni-order.ts';
import { cniPluginMissing } from './cni-plugin-missing.ts';
import { cniPluginVersion } from './cni-plugin-version.ts';
import { cniReservedKey } from './cni-reserved-key.ts';
import { cniSubnet } from './cni-subnet.ts';
import { cniUnknownKey } from './cni-unknown-key.ts';
import { cniWrongType } from './cni-wrong-type.ts';
import { cutsSsh } from './cuts-ssh.ts';
import { duplicateAddress } from './duplicate-address.ts';
import { duplicateMac } from './duplicate-mac.ts';
import { duplicateName } from './duplicate-name.ts';
import { duplicateRoute } from './duplicate-route.ts';
import { forwardingDropped } from './forwarding-dropped.ts';
import { advertisedQuery, losesAdvertisedRoute } from './loses-advertised-route.ts';
import { missingLink } from './missing-link.ts';
import { missingPackage } from './missing-package.ts';
import { mtuAboveParent } from './mtu-above-parent.ts';
import { mtuTooLarge } from './mtu-too-large.ts';
import { mtuTooSmallForIpv6 } from './mtu-too-small-for-ipv6.ts';
import { overlappingSubnets } from './overlapping-subnets.ts';
import { ownHostName } from './own-host-name.ts';
import { portClaimedTwice } from './port-claimed-twice.ts';
import { portInUse } from './port-in-use.ts';
import { portWithAddress } from './port-with-address.ts';
import { redefinesLocalhost } from './redefines-localhost.ts';
import { reservedAddress } from './reserved-address.ts';
import { sameSubnetTwice } from './same-subnet-twice.ts';
import { snatFamily } from './snat-family.ts';
import { rpFilterQuery, strictRpFilter } from './strict-rp-filter.ts';
import { subnetOnMachine } from './subnet-on-machine.ts';
import { tooManyObjects } from './too-many-objects.ts';
import { tooManyPorts } from './too-many-ports.ts';
import { unsupportedByKernel } from './unsupported-by-kernel.ts';
import { vxlanTwice } from './vxlan-twice.ts';

/** The rules over the file, in the order in which a place with several mistakes is spoken for: the first one is told. */
export const labChecks: readonly LabCheck[] = [
  tooManyObjects,
  tooManyPorts,
  ambiguousName,
  duplicateName,
  vxlanTwice,
  reservedAddress,
  portWithAddress,
  duplicateAddress,
  duplicateMac,
  sameSubnetTwice,
  overlappingSubnets,
  duplicateRoute,
  mtuTooLarge,
  mtuTooSmallForIpv6,
  portClaimedTwice,
  snatFamily,
  redefinesLocalhost,
  cniReservedKey,
  cniUnknownKey,
  cniWrongType,
  cniMissingKey,
  cniOrder,
  cniSubnet,
  cniDuplicate,
];

/** The rules over the lab and this machine. */
export const machineChecks: readonly MachineCheck[] = [
  missingPackage,
  unsupportedByKernel,
  missingLink,
  subnetOnMachine,
  mtuAboveParent,
  portInUse,
  cniPluginMissing,
  cniPluginVersion,
  cutsSsh,
  forwardingDropped,
  ownHostName,
  strictRpFilter,
  losesAdvertisedRoute,
];

/**
 * What is wrong with the lab, apart from `lab.problems`: one message a place, and none where elaboration has already
 * found a mistake.
 */
export function checkLab(topology: Topology, lab: Lab): readonly Diagnostic[] {
  const found = labChecks.flatMap((check) => check.find(topology, lab));
  return firstAtEachPlace(found, lab.problems);
}

/** What this machine has against the lab. `live` must hold what `machineQuery` asks for, and the lab's nft tables. */
export function checkMachine(lab: Lab, live: Live, context: MachineContext): readonly Diagnostic[] {
  const found = machineChecks.flatMap((check) => check.find(lab, live, context));
  return firstAtEachPlace(found, []);
}

/** What has to be read of the machine for its checks, beyond what the kinds ask for. */
export function machineQuery(lab: Lab): Partial<Query> {
  const parts = [filterQuery(lab), rpFilterQuery(lab), advertisedQuery(lab)];
  return {
    netns: [...(touchesHost(lab) ? ['host'] : []), ...parts.flatMap(({ netns = [] }) => netns)],
    listeners: lab.forwards.some(({ netns }) => netns === 'host') ? ['host'] : [],
    linkKinds: [
      ...(lab.bridges.length > 0 ? ['bridge'] : []),
      ...(lab.cables.length > 0 ? ['veth'] : []),
      ...(lab.vxlans.length > 0 ? ['vxlan'] : []),
    ],
    plugins: pluginTypes(lab),
    firewalls: parts.flatMap(({ firewalls = [] }) => firewalls),
    sysctls: parts.flatMap(({ sysctls = [] }) => sysctls),
    sysctlTrees: parts.flatMap(({ sysctlTrees = [] }) => sysctlTrees),
  };
}

/** Only a lab that sends something through the machine, or over one of its bridges, has to know what it drops. */
function filterQuery(lab: Lab): Partial<Query> {
  const inside = flowsInside(lab).length > 0;
  if (!inside && flowsThrough(lab).length === 0) return {};
  const keys = inside ? Object.values(BRIDGE_FILTER) : [];
  return { firewalls: ['host'], sysctls: keys.map((key) => ({ netns: 'host', key })) };
}

const touchesHost = (lab: Lab): boolean =>
  lab.existing.length > 0 ||
  [lab.bridges, lab.addresses, lab.routes, lab.rules, lab.neighbours, lab.nat].some((items) =>
    items.some(({ netns }) => netns === 'host'),
  );

function firstAtEachPlace(found: readonly Diagnostic[], before: readonly Diagnostic[]): readonly Diagnostic[] {
  const spoken = new Set(before.filter(({ severity }) => severity === 'error').map(placeKey));
  return found.filter((diagnostic) => {
    const key = placeKey(diagnostic);
    if (diagnostic.at !== null && spoken.has(key)) return false;
    spoken.add(key);
    return true;
  });
}

/** A key and its value are one place. */
function placeKey({ at }: Diagnostic): string {
  if (at === null) return '';
  return 'path' in at ? at.path.join('\n') : `${at.start}-${at.end}`;
}
