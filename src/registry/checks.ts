import { duplicateAddress } from '../checks/addresses/duplicate-address.ts';
import { overlappingSubnets } from '../checks/addresses/overlapping-subnets.ts';
import { reservedAddress } from '../checks/addresses/reserved-address.ts';
import { sameSubnetTwice } from '../checks/addresses/same-subnet-twice.ts';
import { subnetOnMachine } from '../checks/addresses/subnet-on-machine.ts';
import type { LabCheck, MachineCheck, MachineCheckContext } from '../checks/check.ts';
import { tooManyObjects } from '../checks/limits/too-many-objects.ts';
import { tooManyPorts } from '../checks/limits/too-many-ports.ts';
import { duplicateMac } from '../checks/links/duplicate-mac.ts';
import { duplicateName } from '../checks/links/duplicate-name.ts';
import { missingLink } from '../checks/links/missing-link.ts';
import { portWithAddress } from '../checks/links/port-with-address.ts';
import { cutsSsh } from '../checks/machine/cuts-ssh.ts';
import { forwardingDropped } from '../checks/machine/forwarding-dropped.ts';
import { missingPackage } from '../checks/machine/missing-package.ts';
import { unsupportedByKernel } from '../checks/machine/unsupported-by-kernel.ts';
import { mtuAboveParent } from '../checks/mtu/mtu-above-parent.ts';
import { mtuTooLarge } from '../checks/mtu/mtu-too-large.ts';
import { mtuTooSmallForIpv6 } from '../checks/mtu/mtu-too-small-for-ipv6.ts';
import { portClaimedTwice } from '../checks/ports/port-claimed-twice.ts';
import { portInUse } from '../checks/ports/port-in-use.ts';
import { duplicateRoute } from '../checks/routes/duplicate-route.ts';
import { losesAdvertisedRoute } from '../checks/routes/loses-advertised-route.ts';
import { strictRpFilter } from '../checks/routes/strict-rp-filter.ts';
import type { Diagnostic } from '../model/diagnostics/diagnostic.ts';
import type { LiveState, Query } from '../model/kernel/need.ts';
import type { Lab } from '../model/lab.ts';
import type { Topology } from '../model/topology.ts';
import { features } from './features.ts';
import { fileKinds, linkKinds } from './kinds.ts';

/** The rules over the file, in order of precedence: of several findings at one place only the first is reported. */
export const labChecks: readonly LabCheck[] = [
  tooManyObjects,
  tooManyPorts,
  duplicateName,
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
  ...[...linkKinds.values()].flatMap(({ checks }) => checks),
  ...features.flatMap(({ checks = [] }) => checks),
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
  strictRpFilter,
  losesAdvertisedRoute,
  ...features.flatMap(({ machineChecks = [] }) => machineChecks),
];

/**
 * What is wrong with the lab, apart from `lab.problems`: one finding per place, and none where resolving has already
 * found a mistake.
 */
export function checkLab(topology: Topology, lab: Lab): readonly Diagnostic[] {
  const found = labChecks.flatMap((check) => check.find(topology, lab));
  return firstAtEachPlace(found, lab.problems);
}

/** What this machine has against the lab. `live` must hold what `machineQuery` asks for, and what the plan was made from. */
export function checkMachine(lab: Lab, live: LiveState, context: MachineCheckContext): readonly Diagnostic[] {
  const found = machineChecks
    .filter(({ query }) => query === undefined || query(lab).length > 0)
    .flatMap((check) => check.find(lab, live, context));
  return firstAtEachPlace(found, []);
}

/** What has to be read of the machine for its checks, beyond what the kinds ask for. */
export const machineQuery = (lab: Lab): Query => machineChecks.flatMap(({ query }) => query?.(lab) ?? []);

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
