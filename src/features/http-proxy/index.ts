import { childCursor } from '../../source/cursor.ts';
import { defineFeature } from '../define-feature.ts';
import { ingressQuery } from './certificates.ts';
import { certificateHost } from './checks/certificate-host.ts';
import { ingressLimit } from './checks/ingress-limit.ts';
import { ingressTarget } from './checks/ingress-target.ts';
import { unreadableCertificate } from './checks/unreadable-certificate.ts';
import { ingressDocs } from './docs.ts';
import { ingressDrawing } from './draw.ts';
import { ingressGrants } from './grants.ts';
import { readIngress } from './read.ts';
import { resolveIngresses } from './resolve.ts';
import { ingressDefinitions, ingressSchema } from './schema.ts';

/** Reverse proxies: `ingress` of a namespace or of the machine. It gives a process with its files, and claims its ports. */
export const httpProxy = defineFeature({
  name: 'http-proxy',
  rank: 47,
  schema: {
    topology: {},
    host: { ingress: ingressSchema },
    namespace: { ingress: ingressSchema },
    definitions: ingressDefinitions,
  },
  otherTools: {
    haproxy: ['ingress'],
    nginx: ['ingress'],
    gateway: ['ingress'],
    defaultbackend: ['default'],
    proxy: ['ingress'],
  },
  read: { netns: ({ own }, report) => readIngress(childCursor(own, 'ingress'), report) },
  asks: ingressQuery,
  grants: ingressGrants,
  resolve: resolveIngresses,
  draw: ingressDrawing,
  checks: [ingressTarget, ingressLimit],
  machineChecks: [unreadableCertificate, certificateHost],
  docs: ingressDocs,
});
