import type { Pod, Policy } from './oracle.ts';

/** What the projects are. */
export const PROJECTS = { default: {}, prod: { team: 'a' }, test: { team: 'b' }, elsewhere: {} };

const PORTS = { http: ['tcp', 80], alt: ['tcp', 81], dns: ['udp', 53] } as const;

const pod = (
  node: 1 | 2,
  host: number,
  name: string,
  project: string,
  labels: Pod['labels'],
  ports: Pod['ports'] = PORTS,
) => ({
  ...{ name, project, labels, ports, node },
  addresses: [`10.65.${node}.${host}`, `fd00:65:${node}::${host}`] as const,
});

/** Three pods on the first node, two on the second; `http` of db is another port. */
export const PODS = [
  pod(1, 11, 'web', 'default', { app: 'web' }),
  pod(1, 12, 'db', 'prod', { app: 'db' }, { http: ['tcp', 81], alt: ['tcp', 80], dns: ['udp', 53] }),
  pod(1, 13, 'tool', 'test', { app: 'api' }),
  pod(2, 21, 'api', 'default', { app: 'api', tier: 'back' }),
  pod(2, 22, 'cache', 'prod', { app: 'cache', tier: 'back' }),
] as const;

/** Beyond the nodes. */
export const OUTSIDE: Pod = {
  name: 'outside',
  project: '',
  labels: {},
  addresses: ['203.0.113.9', '2001:db8:113::9'],
  ports: PORTS,
};

/** The lab, with the kind of bridge that its nodes have. */
export const labOf = (policies: { readonly [name: string]: Policy }, kind: 'bridge' | 'ovs' = 'bridge'): string => `
version: 1
name: policed
projects: { prod: { labels: { team: a } }, test: { labels: { team: b } } }
bridges: { wan: { subnet: [203.0.113.0/24, "2001:db8:113::/64"] } }
namespaces:
${[1, 2].map((node) => nodeText(node, kind)).join('')}${PODS.map(podText).join('')}
  outside:
    project: elsewhere
    interfaces: { eth0: { bridge: wan, address: [203.0.113.9/24, "2001:db8:113::9/64"] } }
    routes:
${[1, 2].map((node) => `      - { to: 10.65.${node}.0/24, via: 203.0.113.${node} }\n      - { to: "fd00:65:${node}::/64", via: "2001:db8:113::${node}" }`).join('\n')}
    answers: { http: 80, alt: 81, dns: 53/udp }
policies: ${JSON.stringify(policies)}
`;

const nodeText = (node: number, kind: string): string => `
  node-${node}:
    project: nodes
    forwarding: true
    bridges: { cni0: { kind: ${kind}, subnet: [10.65.${node}.0/24, "fd00:65:${node}::/64"], address: [10.65.${node}.1, "fd00:65:${node}::1"] } }
    interfaces: { eth0: { bridge: wan, address: [203.0.113.${node}/24, "2001:db8:113::${node}/64"] } }
    routes:
      - { to: 10.65.${3 - node}.0/24, via: 203.0.113.${3 - node} }
      - { to: "fd00:65:${3 - node}::/64", via: "2001:db8:113::${3 - node}" }
`;

const podText = ({ name, project, labels, node, addresses, ports }: (typeof PODS)[number]): string => `
  ${name}:
    project: ${project}
    labels: ${JSON.stringify(labels)}
    interfaces: { eth0: { bridge: "node-${node}:cni0", address: ${JSON.stringify(addresses)} } }
    answers: { ${Object.entries(ports)
      .map(([port, [protocol, number]]) => `${port}: ${number}/${protocol}`)
      .join(', ')} }
`;
