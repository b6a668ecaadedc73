import { bridgeFilterNeeds } from '../firewall/lab-drops.ts';
import type { DoctorFinding } from '../model/doctor/doctor-finding.ts';
import { mergeNeeds, type Query } from '../model/kernel/need.ts';
import type { Lab } from '../model/lab.ts';
import { conflictNeeds, portConflictRule, subnetConflictRule } from './conflicts.ts';
import { bridgeFilteredRule, forwardingDroppedRule, legacyIptablesRule } from './firewall.ts';
import { kernelFeatureRule, kernelLimitsRule, missingPackageRule } from './kernel.ts';
import { deadNamespaceRule, earlierBootRule, interruptedRunRule, slaveMountRule, unrecordedRule } from './leftovers.ts';
import { nameserverLoopbackRule, nameserverNeeds } from './names.ts';
import { strictRpFilterRule } from './rp-filter.ts';
import type { DiagnosisContext, DoctorRule } from './rule.ts';
import { networkdRoutesRule, networkManagerRule, nftablesFlushRule, udevMacAddressRule } from './services.ts';

/** In the order of the report: what stops labs altogether comes first. */
export const doctorRules: readonly DoctorRule[] = [
  kernelFeatureRule,
  missingPackageRule,
  slaveMountRule,
  interruptedRunRule,
  deadNamespaceRule,
  earlierBootRule,
  unrecordedRule,
  kernelLimitsRule,
  forwardingDroppedRule,
  bridgeFilteredRule,
  legacyIptablesRule,
  portConflictRule,
  subnetConflictRule,
  nameserverLoopbackRule,
  strictRpFilterRule,
  nftablesFlushRule,
  networkdRoutesRule,
  networkManagerRule,
  udevMacAddressRule,
];

/** Every setting of this machine that breaks labs. */
export const diagnose = (facts: DiagnosisContext): readonly DoctorFinding[] =>
  doctorRules.flatMap(({ name, find }) => find(facts).map((finding) => ({ name, ...finding })));

/** The needs of all doctor rules for these labs. */
export const doctorQuery = (labs: readonly Lab[]): Query =>
  mergeNeeds([
    ...bridgeFilterNeeds,
    { need: 'device-sysctls', netns: 'host', key: 'net/ipv4/conf/*/rp_filter' },
    { need: 'chains', netns: 'host' },
    { need: 'legacy-iptables', netns: 'host' },
    { need: 'machine' },
    ...labs.flatMap(conflictNeeds),
    ...labs.flatMap(nameserverNeeds),
  ]);
