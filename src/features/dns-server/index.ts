import { childCursor } from '../../source/cursor.ts';
import { defineFeature } from '../define-feature.ts';
import { aliasWithData } from './checks/alias-with-data.ts';
import { danglingAlias } from './checks/dangling-alias.ts';
import { dnsServerWords } from './checks/dns-server-words.ts';
import { duplicateRecord } from './checks/duplicate-record.ts';
import { engineLimit } from './checks/engine-limit.ts';
import { recordOutsideZone } from './checks/record-outside-zone.ts';
import { targetIsAlias } from './checks/target-is-alias.ts';
import { unreadableConfig } from './checks/unreadable-config.ts';
import { dnsServerDocs } from './docs.ts';
import { dnsServerDrawing } from './draw.ts';
import { dnsServerGrants } from './grants.ts';
import { readDnsServer } from './read.ts';
import { dnsServerQuery, resolveDnsServers } from './resolve.ts';
import { dnsServerDefinitions, dnsServerSchema } from './schema.ts';

/** DNS servers: `dnsServer` of a namespace or the host. It gives a process with its files, and claims port 53. */
export const dnsServer = defineFeature({
  name: 'dns-server',
  rank: 40,
  schema: {
    topology: {},
    host: { dnsServer: dnsServerSchema },
    namespace: { dnsServer: dnsServerSchema },
    definitions: dnsServerDefinitions,
  },
  otherTools: {
    nameserver: ['dnsServer'],
    bind: ['dnsServer'],
    dnsmasq: ['dnsServer'],
    unbound: ['dnsServer'],
    coredns: ['dnsServer'],
    upstream: ['forward'],
    forwarders: ['forward'],
    server: ['engine'],
  },
  read: { netns: ({ own }, report) => readDnsServer(childCursor(own, 'dnsServer'), report) },
  asks: dnsServerQuery,
  grants: dnsServerGrants,
  resolve: resolveDnsServers,
  draw: dnsServerDrawing,
  checks: [
    ...[dnsServerWords, recordOutsideZone, duplicateRecord, aliasWithData],
    ...[danglingAlias, targetIsAlias, engineLimit],
  ],
  machineChecks: [unreadableConfig],
  docs: dnsServerDocs,
});
