import { duplicateAddress } from '../checks/addresses/duplicate-address.ts';
import { overlappingSubnets } from '../checks/addresses/overlapping-subnets.ts';
import { reservedAddress } from '../checks/addresses/reserved-address.ts';
import { sameSubnetTwice } from '../checks/addresses/same-subnet-twice.ts';
import { subnetOnMachine } from '../checks/addresses/subnet-on-machine.ts';
import type { LabCheck, MachineCheck, MachineCheckContext } from '../checks/check.ts';
import { tooManyObjects } from '../checks/limits/too-many-objects.ts';
import { tooManyPorts } from '../checks/limits/too-many-ports.ts';
import { duplicateMac } from '../checks/links/duplicate-mac.ts';
import { missingLink } from '../checks/links/missing-link.ts';
import { portWithAddress } from '../checks/links/port-with-address.ts';
import { vxlanTwice } from '../checks/links/vxlan-twice.ts';
import { cutsSsh } from '../checks/machine/cuts-ssh.ts';
import { forwardingDropped } from '../checks/machine/forwarding-dropped.ts';
import { missingPackage } from '../checks/machine/missing-package.ts';
import { unsupportedByKernel } from '../checks/machine/unsupported-by-kernel.ts';
import { mtuAboveParent } from '../checks/mtu/mtu-above-parent.ts';
import { mtuTooLarge } from '../checks/mtu/mtu-too-large.ts';
import { mtuTooSmallForIpv6 } from '../checks/mtu/mtu-too-small-for-ipv6.ts';
import { ambiguousName } from '../checks/names/ambiguous-name.ts';
import { duplicateName } from '../checks/names/duplicate-name.ts';
import { ownHostName } from '../checks/names/own-host-name.ts';
import { redefinesLocalhost } from '../checks/names/redefines-localhost.ts';
import { portClaimedTwice } from '../checks/nat/port-claimed-twice.ts';
import { portInUse } from '../checks/nat/port-in-use.ts';
import { snatFamily } from '../checks/nat/snat-family.ts';
import { duplicateRoute } from '../checks/routes/duplicate-route.ts';
import { acceptRaQuery, losesAdvertisedRoute } from '../checks/routes/loses-advertised-route.ts';
import { rpFilterQuery, strictRpFilter } from '../checks/routes/strict-rp-filter.ts';
import { BRIDGE_NF_CALL_SYSCTLS } from '../firewall/lab-drops.ts';
import { bridgedFlows, forwardedFlows } from '../firewall/lab-traffic.ts';
import type { Diagnostic } from '../model/diagnostics/diagnostic.ts';
import type { LiveState, Query } from '../model/kernel/live-state.ts';
import type { Lab } from '../model/lab.ts';
import type { Topology } from '../model/topology.ts';
import { fileKinds } from './kinds.ts';

/** The rules over the file, in order of precedence: of several findings at one place only the first is reported. */
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
  ...fileKinds.flatMap(({ checks }) => checks),
];

/** The rules over the lab and this machine. */
export const machineChecks: readonly MachineCheck[] = [
  missingPackage,
  unsupportedByKernel,
  missingLink,
  subnetOnMachine,
  mtuAboveParent,
  portInUse,
  ...fileKinds.flatMap(({ machineChecks }) => machineChecks),
  cutsSsh,
  forwardingDropped,
  ownHostName,
  strictRpFilter,
  losesAdvertisedRoute,
];

/**
 * What is wrong with the lab, apart from `lab.problems`: one finding per place, and none where resolving has already
 * found a mistake.
 */
export function checkLab(topology: Topology, lab: Lab): readonly Diagnostic[] {
  const found = labChecks.flatMap((check) => check.find(topology, lab));
  return firstAtEachPlace(found, lab.problems);
}

/** What this machine has against the lab. `live` must hold what `machineQuery` asks for, and the lab's nft tables. */
export function checkMachine(lab: Lab, live: LiveState, context: MachineCheckContext): readonly Diagnostic[] {
  const found = machineChecks.flatMap((check) => check.find(lab, live, context));
  return firstAtEachPlace(found, []);
}

/** What has to be read of the machine for its checks, beyond what the kinds ask for. */
export function machineQuery(lab: Lab): Partial<Query> {
  const parts = [filterQuery(lab), rpFilterQuery(lab), acceptRaQuery(lab)];
  return {
    netns: [...(touchesHost(lab) ? ['host'] : []), ...parts.flatMap(({ netns = [] }) => netns)],
    listeners: lab.forwards.some(({ netns }) => netns === 'host') ? ['host'] : [],
    linkKinds: [
      ...(lab.bridges.length > 0 ? ['bridge'] : []),
      ...(lab.cables.length > 0 ? ['veth'] : []),
      ...(lab.vxlans.length > 0 ? ['vxlan'] : []),
    ],
    plugins: [...new Set(lab.files.flatMap(({ plugins }) => plugins.map(({ type }) => type)))],
    firewalls: parts.flatMap(({ firewalls = [] }) => firewalls),
    sysctls: parts.flatMap(({ sysctls = [] }) => sysctls),
    sysctlTrees: parts.flatMap(({ sysctlTrees = [] }) => sysctlTrees),
  };
}

/** Only a lab that sends something through the machine, or over one of its bridges, has to know what it drops. */
function filterQuery(lab: Lab): Partial<Query> {
  const inside = bridgedFlows(lab).length > 0;
  if (!inside && forwardedFlows(lab).length === 0) return {};
  const keys = inside ? Object.values(BRIDGE_NF_CALL_SYSCTLS) : [];
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
