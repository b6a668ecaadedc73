import { joinLimited } from '../../lab/messages.ts';
import type { LabModel } from '../../lab/model.ts';
import type { LabForward } from '../../model/lab.ts';
import type { LabNftRule, LabPortClaim } from '../../model/lab-parts/lab-registers.ts';
import type { LabSysctl } from '../../model/lab-parts/lab-sysctl.ts';
import { childCursor } from '../../source/cursor.ts';
import { defineFeature } from '../define-feature.ts';
import { forwardWithoutAnswer } from './checks/forward-without-answer.ts';
import { forwardDocs } from './docs.ts';
import { forwardDrawing } from './draw.ts';
import { forwardsPart } from './nft-part.ts';
import { pluginPublications, publicationClaims } from './plugin-publications.ts';
import { readForwards, readPublish } from './read.ts';
import { resolvePortForwards } from './resolve.ts';
import { forwardSchema, forwardTargetSchema, portForwardsSchema, publishSchema } from './schema.ts';
import type { TopologyForwards } from './topology.ts';

/** Port forwards: `portForwards` of the host and of namespaces, and `publish`, which forwards ports of the host. */
export const portForwards = defineFeature({
  name: 'port-forwards',
  rank: 20,
  schema: {
    topology: { portForwards: portForwardsSchema },
    namespace: { portForwards: portForwardsSchema, publish: publishSchema },
    definitions: { forward: forwardSchema, forwardTarget: forwardTargetSchema },
  },
  otherTools: {
    ports: ['publish', 'portForwards'],
    expose: ['publish'],
    forward: ['portForwards'],
    forwards: ['portForwards'],
    portmappings: ['publish', 'portForwards'],
    portforwarding: ['portForwards'],
    dnat: ['portForwards'],
    port: ['listen'],
    hostport: ['listen'],
    published: ['listen'],
  },
  read: {
    netns: ({ shared, own, isHost }, report): TopologyForwards => ({
      portForwards: readForwards(childCursor(shared, 'portForwards'), report),
      publish: isHost ? [] : readPublish(childCursor(own, 'publish'), report),
    }),
  },
  resolve: (context) => {
    const resolved = resolvePortForwards(context);
    const forwards = resolved.map(({ forward }) => forward);
    const groups = targetGroups(forwards);
    const publications = pluginPublications(context.world);
    return {
      forwards,
      publications,
      ports: [...groups.map(portClaim), ...publicationClaims(publications)],
      nft: groups.map(rulesOfGroup),
      forwarding: resolved.map(({ forward: { netns, family, at }, reason }) => ({ netns, family, reason, at })),
      sysctls: forwards.flatMap((forward) => localnetSysctl(context.world, forward)),
      hairpins: resolved.flatMap(({ target }) => target ?? []),
    };
  },
  nft: forwardsPart,
  draw: forwardDrawing,
  checks: [forwardWithoutAnswer],
  docs: [forwardDocs],
});

/** The rule of one forward. */
export const forwardRule = ({ netns, family, address, ports, protocols, target, lan, at }: LabForward): LabNftRule => ({
  netns,
  part: forwardsPart.name,
  rule: { family, address, ports, protocols, target, lan },
  at,
});

/** The targets of one forward in one family. */
type TargetGroup = readonly [LabForward, ...LabForward[]];

function targetGroups(forwards: readonly LabForward[]): readonly TargetGroup[] {
  const groups = new Map<string | LabForward, [LabForward, ...LabForward[]]>();
  for (const one of forwards) {
    const key = one.weight === undefined ? one : `${one.family} ${one.at.join('/')}`;
    const known = groups.get(key);
    if (known) known.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

/** One rule for the targets of a forward. */
function rulesOfGroup(group: TargetGroup): LabNftRule {
  const [first, ...others] = group;
  if (others.length === 0) return forwardRule(first);
  const { netns, family, address, ports, protocols, at } = first;
  const targets = group.map(({ target: { label, address, ports }, weight = 1, lan }) => ({
    ...{ label, address, port: ports.first, weight, lan },
  }));
  return { netns, part: forwardsPart.name, rule: { family, address, ports, protocols, targets }, at };
}

function portClaim(group: TargetGroup): LabPortClaim {
  const { netns, family, address, ports, protocols, at } = group[0];
  const use = `forwarded to ${joinLimited(group.map(({ target }) => target.label))}`;
  return { netns, family, address, ports, protocols, use, at };
}

/** A packet from 127.0.0.1 may leave by a link only with route_localnet there. */
function localnetSysctl({ wiring }: LabModel, forward: LabForward): readonly LabSysctl[] {
  const { netns, family, address, dev, at } = forward;
  const forLocalhost = address === null || address.startsWith('127.');
  if (family !== 4 || !forLocalhost || dev === null) return [];
  const link = wiring.devices.get(netns)?.get(dev);
  const key = `net/ipv4/conf/${dev}/route_localnet`;
  const own = link && link.kind !== 'existing' ? dev : null;
  return [{ netns, key, value: '1', dev: own, at, reason: 'localhost of portForwards' }];
}
