// Generated from the checks by scripts/generate.ts.
import type { LabCheck } from '../model/diagnostics/check-doc.ts';
import { duplicateAddress } from './addresses/duplicate-address.ts';
import { overlappingSubnets } from './addresses/overlapping-subnets.ts';
import { reservedAddress } from './addresses/reserved-address.ts';
import { sameSubnetTwice } from './addresses/same-subnet-twice.ts';
import { subnetOnMachine } from './addresses/subnet-on-machine.ts';
import { subnetRoutedElsewhere } from './addresses/subnet-routed-elsewhere.ts';
import type { MachineCheck } from './check.ts';
import { tooManyNeighbours } from './limits/too-many-neighbours.ts';
import { tooManyObjects } from './limits/too-many-objects.ts';
import { tooManyPorts } from './limits/too-many-ports.ts';
import { duplicateMac } from './links/duplicate-mac.ts';
import { duplicateName } from './links/duplicate-name.ts';
import { ipv6Disabled } from './links/ipv6-disabled.ts';
import { missingLink } from './links/missing-link.ts';
import { portWithAddress } from './links/port-with-address.ts';
import { containerAbsent } from './machine/container-absent.ts';
import { containerChanged } from './machine/container-changed.ts';
import { containerNetwork } from './machine/container-network.ts';
import { containerRestarted } from './machine/container-restarted.ts';
import { cutsSsh } from './machine/cuts-ssh.ts';
import { forwardingDropped } from './machine/forwarding-dropped.ts';
import { ipv6DisabledHere } from './machine/ipv6-disabled-here.ts';
import { missingPackage } from './machine/missing-package.ts';
import { nicBecomesPort } from './machine/nic-becomes-port.ts';
import { nicInUse } from './machine/nic-in-use.ts';
import { refusedSysctl } from './machine/refused-sysctl.ts';
import { unknownAccount } from './machine/unknown-account.ts';
import { unsupportedByKernel } from './machine/unsupported-by-kernel.ts';
import { mtuAboveParent } from './mtu/mtu-above-parent.ts';
import { mtuTooLarge } from './mtu/mtu-too-large.ts';
import { mtuTooSmallForIpv6 } from './mtu/mtu-too-small-for-ipv6.ts';
import { portClaimedTwice } from './ports/port-claimed-twice.ts';
import { portInUse } from './ports/port-in-use.ts';
import { portTranslated } from './ports/port-translated.ts';
import { unroutableLoopback } from './ports/unroutable-loopback.ts';
import { duplicateRoute } from './routes/duplicate-route.ts';
import { losesAdvertisedRoute } from './routes/loses-advertised-route.ts';
import { strictRpFilter } from './routes/strict-rp-filter.ts';
import { nextHopWithoutOwner } from './traffic/next-hop-without-owner.ts';
import { nextHopWithoutRoute } from './traffic/next-hop-without-route.ts';
import { noCommonSubnet } from './traffic/no-common-subnet.ts';
import { noReturnRoute } from './traffic/no-return-route.ts';
import { ruleWithoutRoute } from './traffic/rule-without-route.ts';

/** The rules of this folder over the file. */
export const coreLabChecks: readonly LabCheck[] = [
  duplicateAddress,
  duplicateName,
  duplicateMac,
  overlappingSubnets,
  sameSubnetTwice,
  reservedAddress,
  portWithAddress,
  ipv6Disabled,
  noCommonSubnet,
  duplicateRoute,
  noReturnRoute,
  nextHopWithoutOwner,
  nextHopWithoutRoute,
  ruleWithoutRoute,
  mtuTooLarge,
  mtuTooSmallForIpv6,
  tooManyPorts,
  tooManyObjects,
  portClaimedTwice,
  unroutableLoopback,
];

/** The rules of this folder over the lab and this machine. */
export const coreMachineChecks: readonly MachineCheck[] = [
  subnetOnMachine,
  missingLink,
  portInUse,
  unsupportedByKernel,
  missingPackage,
  mtuAboveParent,
  cutsSsh,
  forwardingDropped,
  strictRpFilter,
  losesAdvertisedRoute,
  portTranslated,
  subnetRoutedElsewhere,
  tooManyNeighbours,
  refusedSysctl,
  ipv6DisabledHere,
  unknownAccount,
  nicBecomesPort,
  containerAbsent,
  containerNetwork,
  containerRestarted,
  containerChanged,
  nicInUse,
];
