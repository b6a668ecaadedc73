import { childCursor } from '../../source/cursor.ts';
import { defineFeature } from '../define-feature.ts';
import { bgpPeer } from './checks/bgp-peer.ts';
import { routingDocs } from './docs.ts';
import { routingDrawing } from './draw.ts';
import { readHostRouting, readRouting } from './read.ts';
import { resolveRouters } from './resolve.ts';
import { routingDefinitions, routingSchema } from './schema.ts';

/** Routing daemons: `routing` of a namespace. It gives a process with its files, and forwarding. */
export const routing = defineFeature({
  name: 'routing',
  rank: 48,
  schema: {
    topology: {},
    host: { routing: routingSchema },
    namespace: { routing: routingSchema },
    definitions: routingDefinitions,
  },
  otherTools: {
    bird: ['routing'],
    frr: ['routing'],
    neighbors: ['peers'],
    neighbor: ['peers'],
    remoteas: ['asn'],
    localas: ['asn'],
  },
  read: {
    netns: ({ own, isHost }, report) => {
      const written = childCursor(own, 'routing');
      return isHost ? readHostRouting(written, report) : readRouting(written, report);
    },
  },
  resolve: resolveRouters,
  draw: routingDrawing,
  checks: [bgpPeer],
  docs: routingDocs,
});
