import { childCursor } from '../../source/cursor.ts';
import { defineFeature } from '../define-feature.ts';
import { netemMissing } from './checks/netem-missing.ts';
import { impairDocs } from './docs.ts';
import { impairDrawing } from './draw.ts';
import { qdisc } from './kind.ts';
import { readCableImpairments, readInterfaceImpairments } from './read.ts';
import { impairQuery, resolveImpairments } from './resolve.ts';
import { cableImpairSchema, impairmentSchema, interfaceImpairSchema } from './schema.ts';

/** Bad lines: `impair` of interfaces and cables. It gives a queue for each link, and rules where the kernel has no netem. */
export const impair = defineFeature({
  name: 'impair',
  rank: 50,
  schema: {
    topology: {},
    namespace: {},
    interface: { impair: interfaceImpairSchema },
    cable: { impair: cableImpairSchema },
    definitions: { impairment: impairmentSchema },
  },
  otherTools: {
    latency: ['delay'],
    packetloss: ['loss'],
    corruption: ['corrupt'],
    bandwidth: ['rate'],
    bw: ['rate'],
    netem: ['impair'],
    tc: ['impair'],
    impairments: ['impair'],
    shaping: ['impair'],
  },
  read: {
    lab: (root, report) => readCableImpairments(childCursor(root, 'links'), report),
    netns: ({ own }, report) => readInterfaceImpairments(childCursor(own, 'interfaces'), report),
  },
  asks: impairQuery,
  resolve: (context) => {
    const value = resolveImpairments(context);
    return value.length === 0 ? {} : { value };
  },
  kinds: [qdisc],
  draw: impairDrawing,
  machineChecks: [netemMissing],
  docs: [impairDocs],
});
