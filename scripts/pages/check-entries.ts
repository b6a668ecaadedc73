// Generated from the checks by scripts/generate.ts.

import { labConflictDoc } from '../../src/checks/machine/lab-conflict.ts';
import { foreignObjectDoc } from '../../src/engine/plan/diff.ts';
import { badRecordDoc } from '../../src/features/dns-server/read.ts';
import { badImpairmentDoc } from '../../src/features/impair/read.ts';
import { badHostnameDoc } from '../../src/features/names/read.ts';
import { badPortDoc } from '../../src/features/port-forwards/read.ts';
import { targetTwiceDoc } from '../../src/features/port-forwards/repeated-targets.ts';
import { portRangeMismatchDoc } from '../../src/features/port-forwards/resolve.ts';
import { notAShellDoc } from '../../src/features/run/read-command.ts';
import { badFlowDoc } from '../../src/features/switch-rules/read.ts';
import { badWireguardPeerDoc } from '../../src/features/wireguard-peers/read.ts';
import { tunnelEndsDoc } from '../../src/kinds/links/tunnel-ends-doc.ts';
import { vxlanEndsDoc } from '../../src/kinds/links/vxlan/check-ends.ts';
import { poolExhaustedDoc } from '../../src/lab/addressing/allocate.ts';
import {
  addressOutsideSubnetDoc,
  missingPrefixLengthDoc,
  prefixLengthDiffersDoc,
} from '../../src/lab/addressing/place-address.ts';
import { badSplitDoc } from '../../src/lab/addressing/split-subnets.ts';
import { unknownSubnetDoc } from '../../src/lab/addressing/subnets.ts';
import { noSharedLanDoc, unknownInterfaceDoc, unknownNamespaceDoc } from '../../src/lab/naming/resolve-name.ts';
import { ambiguousDefaultDoc } from '../../src/lab/routing/default-routes.ts';
import { gatewayOutsideSubnetDoc } from '../../src/lab/routing/gateways.ts';
import { linkLocalWithoutDevDoc, nextHopIsSelfDoc, nextHopOffLinkDoc } from '../../src/lab/routing/next-hops.ts';
import { mixedFamiliesDoc } from '../../src/lab/routing/route-families.ts';
import { reservedWordDoc } from '../../src/lab/selectors/expand.ts';
import { selectsNoneDoc, unknownProjectDoc } from '../../src/lab/selectors/select.ts';
import { needsForwardingDoc } from '../../src/lab/sysctls/check-forwarding.ts';
import { unknownPortDoc } from '../../src/lab/wiring/bridge-tables.ts';
import { cableConflictDoc, undeclaredEndDoc } from '../../src/lab/wiring/cables.ts';
import { unknownBridgeDoc, unwiredInterfaceDoc } from '../../src/lab/wiring/interfaces.ts';
import { badAttachmentDoc } from '../../src/lab/wiring/plugin-links.ts';
import { unknownDeviceDoc } from '../../src/lab/wiring/resolve-device.ts';
import { portVlansDoc, unknownVlanDoc } from '../../src/lab/wiring/vlan-members.ts';
import type { CheckDoc } from '../../src/model/diagnostics/check-doc.ts';
import { badIncludeDoc } from '../../src/source/expand/include/include-diagnostics.ts';
import { unknownVariableDoc } from '../../src/source/expand/variables.ts';
import { duplicateKeyDoc, reservedKeyDoc } from '../../src/source/mistakes/document-keys.ts';
import { badAddressDoc } from '../../src/source/normalise/address.ts';
import { badReferenceDoc } from '../../src/source/normalise/cable.ts';
import { badLabelDoc } from '../../src/source/normalise/labels/selector.ts';
import { badNameDoc } from '../../src/source/normalise/name.ts';
import { badVlanDoc } from '../../src/source/normalise/switching/vlan-ref.ts';
import { hostKeySysctlDoc } from '../../src/source/normalise/sysctl.ts';
import { badValueDoc, missingKeyDoc, unknownKeyDoc, wrongTypeDoc } from '../../src/source/schema-diagnostics.ts';
import { fileEncodingDoc, fileLimitDoc, yamlFeatureDoc, yamlSyntaxDoc } from '../../src/source/yaml-diagnostics.ts';

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
  badVlanDoc,
  badLabelDoc,
  reservedWordDoc,
  badIncludeDoc,
  badImpairmentDoc,
  badFlowDoc,
  badWireguardPeerDoc,
  notAShellDoc,
  badRecordDoc,
  unknownNamespaceDoc,
  unknownInterfaceDoc,
  unknownBridgeDoc,
  unknownSubnetDoc,
  undeclaredEndDoc,
  unwiredInterfaceDoc,
  cableConflictDoc,
  noSharedLanDoc,
  vxlanEndsDoc,
  tunnelEndsDoc,
  unknownVlanDoc,
  portVlansDoc,
  unknownPortDoc,
  selectsNoneDoc,
  unknownProjectDoc,
  badAttachmentDoc,
  addressOutsideSubnetDoc,
  poolExhaustedDoc,
  missingPrefixLengthDoc,
  prefixLengthDiffersDoc,
  badSplitDoc,
  nextHopOffLinkDoc,
  linkLocalWithoutDevDoc,
  nextHopIsSelfDoc,
  mixedFamiliesDoc,
  ambiguousDefaultDoc,
  unknownDeviceDoc,
  needsForwardingDoc,
  gatewayOutsideSubnetDoc,
  portRangeMismatchDoc,
  targetTwiceDoc,
  foreignObjectDoc,
  labConflictDoc,
];
