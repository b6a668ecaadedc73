import { childCursor } from '../../source/cursor.ts';
import { defineFeature } from '../define-feature.ts';
import { firewallLogUnseen } from './checks/firewall-log-unseen.ts';
import { firewallRuleUnreached } from './checks/firewall-rule-unreached.ts';
import { firewallWithoutEffect } from './checks/firewall-without-effect.ts';
import { unknownFirewallPort } from './checks/unknown-firewall-port.ts';
import { firewallDocs } from './docs.ts';
import { firewallDrawing } from './draw.ts';
import { firewallPart } from './nft-part.ts';
import { readFirewall } from './read.ts';
import { LOG_ALL, logsOfNamespaces, resolveFirewalls } from './resolve.ts';
import { firewallDefinitions, firewallSchema } from './schema.ts';

/** Firewalls of namespaces and of the machine: `firewall`. It gives rules of the lab's tables. */
export const firewall = defineFeature({
  name: 'firewall',
  rank: 26,
  schema: {
    topology: { firewall: firewallSchema },
    namespace: { firewall: firewallSchema },
    definitions: firewallDefinitions,
  },
  otherTools: {
    filter: ['firewall'],
    iptables: ['firewall'],
    nftables: ['firewall'],
    acl: ['firewall'],
    source: ['from'],
    destination: ['to'],
    iif: ['in'],
    iifname: ['in'],
    ininterface: ['in'],
    oif: ['out'],
    oifname: ['out'],
    outinterface: ['out'],
    protocol: ['proto'],
    dport: ['ports'],
    port: ['ports'],
    accept: ['allow'],
    drop: ['deny'],
    mss: ['clampMss'],
    mssclamp: ['clampMss'],
  },
  read: { netns: ({ shared }, report) => readFirewall(childCursor(shared, 'firewall'), report) },
  asks: (topology) => (logsOfNamespaces(topology) ? [LOG_ALL] : []),
  resolve: resolveFirewalls,
  nft: firewallPart,
  draw: firewallDrawing,
  checks: [firewallRuleUnreached, firewallWithoutEffect, unknownFirewallPort],
  machineChecks: [firewallLogUnseen],
  docs: firewallDocs,
});
