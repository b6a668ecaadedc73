// Generated from the checks by scripts/generate.ts.

import { foreignObjectDoc } from '../engine/plan/diff.ts';
import { badHostnameDoc } from '../features/names/read.ts';
import { badPortDoc } from '../features/port-forwards/read.ts';
import { portRangeMismatchDoc } from '../features/port-forwards/resolve.ts';
import { vxlanEndsDoc } from '../kinds/links/vxlan/check-ends.ts';
import { poolExhaustedDoc } from '../lab/addressing/allocate.ts';
import { addressOutsideSubnetDoc, missingPrefixLengthDoc } from '../lab/addressing/place-address.ts';
import { unknownSubnetDoc } from '../lab/addressing/subnets.ts';
import { noSharedLanDoc, unknownInterfaceDoc, unknownNamespaceDoc } from '../lab/naming/resolve-name.ts';
import { ambiguousDefaultDoc } from '../lab/routing/default-routes.ts';
import { gatewayOutsideSubnetDoc } from '../lab/routing/gateways.ts';
import { linkLocalWithoutDevDoc, nextHopIsSelfDoc, nextHopOffLinkDoc } from '../lab/routing/next-hops.ts';
import { mixedFamiliesDoc } from '../lab/routing/routes.ts';
import { needsForwardingDoc } from '../lab/sysctls/check-forwarding.ts';
import { cableConflictDoc, undeclaredEndDoc } from '../lab/wiring/cables.ts';
import { unknownBridgeDoc, unwiredInterfaceDoc } from '../lab/wiring/interfaces.ts';
import { unknownDeviceDoc } from '../lab/wiring/resolve-device.ts';
import type { CheckDoc } from '../model/diagnostics/check-doc.ts';
import { badAddressDoc } from '../source/normalise/address.ts';
import { badReferenceDoc } from '../source/normalise/cable.ts';
import { badNameDoc } from '../source/normalise/name.ts';
import { hostKeySysctlDoc } from '../source/normalise/sysctl.ts';
import { badValueDoc, missingKeyDoc, unknownKeyDoc, wrongTypeDoc } from '../source/schema-diagnostics.ts';
import { unknownVariableDoc } from '../source/variables.ts';
import {
  duplicateKeyDoc,
  fileEncodingDoc,
  fileLimitDoc,
  reservedKeyDoc,
  yamlFeatureDoc,
  yamlSyntaxDoc,
} from '../source/yaml-diagnostics.ts';

/** The entries of the checks that are made while a topology is read, resolved or compared with the machine. */
export const checkEntries: readonly CheckDoc[] = [
  fileLimitDoc,
  fileEncodingDoc,
  yamlSyntaxDoc,
  yamlFeatureDoc,
  duplicateKeyDoc,
  reservedKeyDoc,
  unknownVariableDoc,
  unknownKeyDoc,
  wrongTypeDoc,
  missingKeyDoc,
  badValueDoc,
  badNameDoc,
  badAddressDoc,
  badPortDoc,
  badReferenceDoc,
  hostKeySysctlDoc,
  badHostnameDoc,
  unknownNamespaceDoc,
  unknownInterfaceDoc,
  unknownBridgeDoc,
  unknownSubnetDoc,
  undeclaredEndDoc,
  unwiredInterfaceDoc,
  cableConflictDoc,
  noSharedLanDoc,
  vxlanEndsDoc,
  addressOutsideSubnetDoc,
  poolExhaustedDoc,
  missingPrefixLengthDoc,
  nextHopOffLinkDoc,
  linkLocalWithoutDevDoc,
  nextHopIsSelfDoc,
  mixedFamiliesDoc,
  ambiguousDefaultDoc,
  unknownDeviceDoc,
  needsForwardingDoc,
  gatewayOutsideSubnetDoc,
  portRangeMismatchDoc,
  foreignObjectDoc,
];
