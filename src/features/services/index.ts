import { namedPorts } from '../../lab/naming/named-ports.ts';
import { nameInProject } from '../../lab/naming/project-names.ts';
import type { FeatureContribution } from '../../lab/registers.ts';
import { DEFAULT_ROUTE_METRIC } from '../../lab/routing/routes.ts';
import { projectOf } from '../../lab/selectors/select.ts';
import { BRIDGE_FILTER } from '../../lab/wiring/bridge-filter.ts';
import { RT_TABLE_MAIN } from '../../model/kernel/rtnetlink.ts';
import type { LabRoute } from '../../model/lab.ts';
import type { LabNamedService, LabNftRule } from '../../model/lab-parts/lab-registers.ts';
import { familyOf, parseAddress } from '../../net/address.ts';
import { formatPrefix, prefixContains } from '../../net/prefix.ts';
import { childCursor } from '../../source/cursor.ts';
import { defineFeature } from '../define-feature.ts';
import { clusterIpOnLan } from './checks/cluster-ip-on-lan.ts';
import { serviceNameTaken } from './checks/service-name-taken.ts';
import { serviceWithoutNode } from './checks/service-without-node.ts';
import { unknownTargetPort } from './checks/unknown-target-port.ts';
import { recordedServiceAddresses, servicePools } from './cluster-ips.ts';
import { serviceDocs } from './docs.ts';
import { serviceDrawing } from './draw.ts';
import { servicesPart } from './nft-part.ts';
import { readServices } from './read.ts';
import { type ResolvedService, resolveServices } from './resolve.ts';
import type { ServicesOfLab } from './resolved.ts';
import { addressOfRule } from './rule.ts';
import { serviceSchema, servicesSchema } from './schema.ts';
import { nameTargetPorts } from './target-ports.ts';
import { type TopologyService, writtenServices } from './topology.ts';

type ServiceRouteContext = Parameters<Parameters<typeof defineFeature>[0]['resolve']>[0];

/** Services: addresses and ports that stand for several namespaces. */
export const services = defineFeature({
  name: 'services',
  rank: 24,
  schema: { topology: { services: servicesSchema }, namespace: {}, definitions: { service: serviceSchema } },
  otherTools: { selector: ['to'], targetport: ['ports'], endpoints: ['to'], nodeports: ['nodePort'] },
  read: { lab: (root, report) => readServices(childCursor(root, 'services'), report) },
  asks: (topology) => (writtenServices(topology).length === 0 ? [] : [BRIDGE_FILTER]),
  resolve: (context): FeatureContribution => {
    const all = resolveServices(context);
    const value: { -readonly [key in keyof ServicesOfLab]: ServicesOfLab[key] } = { services: all, unknownPorts: [] };
    const hasNames = all.some(({ service }) => service.ports.some(({ targetPort }) => typeof targetPort === 'string'));
    return {
      value,
      ...(hasNames
        ? {
            later: ({ ports }) => {
              Object.assign(value, nameTargetPorts(context.world, all, namedPorts(ports)));
              return { nft: nftRules(value.services) };
            },
          }
        : { nft: nftRules(all) }),
      ports: all.flatMap(portClaims),
      forwarding: all.flatMap(({ service, nodes }) =>
        nodes.flatMap(({ netns, rules }) =>
          [...new Set(rules.map(({ family }) => family))].map((family) => ({
            ...{ netns, family, reason: 'services', at: service.at },
          })),
        ),
      ),
      filtered: [...new Set(all.flatMap(({ bridges }) => bridges))],
      hairpins: all.flatMap(({ links }) => links),
      routes: serviceRoutes(all, context),
      named: all.map(({ service, addresses }) => ({
        ...{ name: service.name, addresses, at: service.at, service: namedService(service) },
      })),
    };
  },
  recordedAddresses: recordedServiceAddresses,
  nft: servicesPart,
  draw: serviceDrawing,
  checks: [serviceNameTaken, serviceWithoutNode, clusterIpOnLan, unknownTargetPort],
  docs: [serviceDocs],
});

const nftRules = (services: readonly ResolvedService[]): readonly LabNftRule[] =>
  services.flatMap(({ service, nodes }) =>
    nodes.flatMap(({ netns, rules }) =>
      rules.map((rule) => ({ netns, part: servicesPart.name, rule, at: service.at })),
    ),
  );

/** A headless service leads nowhere by itself: its ports are those of its endpoints. */
function namedService(service: TopologyService): LabNamedService {
  const project = projectOf(service);
  const isHeadless = service.clusterIPs?.length === 0;
  return {
    ...{ name: nameInProject(service.name, project), project, isHeadless },
    ports: service.ports.flatMap(({ name, port, targetPort, protocols }) =>
      name === null
        ? []
        : protocols.map((protocol) => ({
            ...{ name, protocol },
            port: isHeadless && typeof targetPort === 'number' ? targetPort : port,
          })),
    ),
  };
}

const portClaims = ({ service, nodes }: ResolvedService) =>
  nodes.flatMap(({ netns, rules }) =>
    rules.map((rule) => ({
      ...{ netns, family: rule.family, address: addressOfRule(rule), protocols: [rule.protocol] },
      ports: { first: rule.port, last: rule.port },
      use: `of service ${service.name}`,
      at: service.at,
    })),
  );

/**
 * In each namespace that translates, a route to the addresses of services by one of its links: without any, what it sends
 * itself would end before it is translated. Nothing leaves by it. A link that a plugin makes comes too late and goes too early for
 * it.
 */
function serviceRoutes(
  all: readonly ResolvedService[],
  { world, connected, routes }: ServiceRouteContext,
): readonly LabRoute[] {
  const pools = servicePools(world);
  const wanted = new Map<string, LabRoute>();
  for (const { service, nodes } of all) {
    for (const { netns, rules } of nodes) {
      for (const { at, targets } of rules) {
        if (!('cluster' in at)) continue;
        const parsed = parseAddress(at.cluster);
        const family = familyOf(at.cluster);
        const pool = parsed && pools.find((one) => prefixContains(one, parsed));
        const to = pool ? formatPrefix(pool) : `${at.cluster}/${family === 4 ? 32 : 128}`;
        const near = targets.flatMap(({ address }) => {
          const found = parseAddress(address);
          const device = found && connected.find(netns, found)?.device;
          const { link } = device ?? {};
          return device && (!link || (link.up && link.kind !== 'plugin')) ? [device.name] : [];
        });
        const own = (world.addressesByNetns.get(netns) ?? []).find(
          ({ link, prefix }) =>
            prefix.family === family && link.kind !== 'lo' && link.kind !== 'plugin' && link.up && !link.master,
        );
        const dev = near[0] ?? own?.link.name;
        const isThere = routes.some(
          (route) => route.netns === netns && route.to === to && route.table === RT_TABLE_MAIN,
        );
        if (dev === undefined || isThere || wanted.has(`${netns} ${to}`)) continue;
        wanted.set(`${netns} ${to}`, {
          ...{ netns, to, type: 'unicast', src: null, metric: DEFAULT_ROUTE_METRIC[family], table: RT_TABLE_MAIN },
          hops: [{ via: null, dev, weight: 1, onlink: false }],
          ...{ mtu: null, at: service.at, implied: false, reason: 'to services' },
        });
      }
    }
  }
  return [...wanted.values()];
}
