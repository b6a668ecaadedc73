import { BRIDGE_FILTER } from '../../lab/wiring/bridge-filter.ts';
import { childCursor } from '../../source/cursor.ts';
import { defineFeature } from '../define-feature.ts';
import { policyWithoutDirection } from './checks/policy-without-direction.ts';
import { unknownPolicyPort } from './checks/unknown-policy-port.ts';
import { policiesDocs } from './docs.ts';
import { policiesPart } from './nft-part.ts';
import { readPolicies } from './read.ts';
import { resolvePolicies } from './resolve.ts';
import { policiesSchema, policyDefinitions } from './schema.ts';
import { writtenPolicies } from './topology.ts';

/** Policies: what may reach namespaces, and what they may reach. It gives rules of the lab's tables. */
export const policies = defineFeature({
  name: 'policies',
  rank: 25,
  schema: { topology: { policies: policiesSchema }, namespace: {}, definitions: policyDefinitions },
  otherTools: {
    networkpolicy: ['policies'],
    networkpolicies: ['policies'],
    podselector: ['select'],
    ipblock: ['from', 'to'],
  },
  read: { lab: (root, report) => readPolicies(childCursor(root, 'policies'), report) },
  asks: (topology) => (writtenPolicies(topology).length === 0 ? [] : [BRIDGE_FILTER]),
  resolve: resolvePolicies,
  nft: policiesPart,
  checks: [policyWithoutDirection, unknownPolicyPort],
  docs: policiesDocs,
});
