import { childCursor } from '../../source/cursor.ts';
import { defineFeature } from '../define-feature.ts';
import { ingressTarget } from './checks/ingress-target.ts';
import { ingressDocs } from './docs.ts';
import { ingressDrawing } from './draw.ts';
import { ingressGrants } from './grants.ts';
import { readIngress } from './read.ts';
import { resolveIngresses } from './resolve.ts';
import { ingressDefinitions, ingressSchema } from './schema.ts';

/** Reverse proxies: `ingress` of a namespace. It gives a process with its files, and claims its ports. */
export const httpProxy = defineFeature({
  name: 'http-proxy',
  rank: 47,
  schema: { topology: {}, namespace: { ingress: ingressSchema }, definitions: ingressDefinitions },
  otherTools: {
    haproxy: ['ingress'],
    nginx: ['ingress'],
    gateway: ['ingress'],
    defaultbackend: ['default'],
    proxy: ['ingress'],
  },
  read: { netns: ({ own, isHost }, report) => (isHost ? null : readIngress(childCursor(own, 'ingress'), report)) },
  grants: ingressGrants,
  resolve: resolveIngresses,
  draw: ingressDrawing,
  checks: [ingressTarget],
  docs: ingressDocs,
});
