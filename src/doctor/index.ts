import { BRIDGE_NF_CALL_SYSCTLS } from '../firewall/lab-drops.ts';
import type { DoctorFinding } from '../model/doctor/doctor-finding.ts';
import type { Query } from '../model/kernel/live-state.ts';
import { bridgeFilteredRule, forwardingDroppedRule, legacyIptablesRule } from './firewall.ts';
import { kernelFeatureRule, kernelLimitsRule, missingPackageRule } from './kernel.ts';
import { deadNamespaceRule, earlierBootRule, interruptedRunRule, slaveMountRule } from './leftovers.ts';
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
  kernelLimitsRule,
  forwardingDroppedRule,
  bridgeFilteredRule,
  legacyIptablesRule,
  strictRpFilterRule,
  nftablesFlushRule,
  networkdRoutesRule,
  networkManagerRule,
  udevMacAddressRule,
];

/** Every setting of this machine that breaks labs. */
export const diagnose = (facts: DiagnosisContext): readonly DoctorFinding[] =>
  doctorRules.flatMap(({ name, find }) => find(facts).map((finding) => ({ name, ...finding })));

/** What has to be read of the machine. */
export const doctorQuery: Query = {
  netns: ['host'],
  sysctls: Object.values(BRIDGE_NF_CALL_SYSCTLS).map((key) => ({ netns: 'host', key })),
  sysctlTrees: [{ netns: 'host', dir: 'net/ipv4/conf', leaf: 'rp_filter' }],
  rulesets: [],
  firewalls: ['host'],
  ...{
    neighbours: [],
    addresses: [],
    fresh: [],
    tables: [],
    tableNames: [],
    holders: [],
    files: [],
    listeners: [],
    linkKinds: [],
    plugins: [],
  },
};
