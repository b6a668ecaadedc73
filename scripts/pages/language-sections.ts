import { fileKinds } from '../../src/kinds/files/index.ts';
import type { LanguageSection } from '../../src/kinds/language-section.ts';
import { linkModules } from '../../src/kinds/links/index.ts';
import { features } from '../../src/registry/features.ts';

/** The sections of the kinds of links that stand at interfaces. */
const linkSections: readonly LanguageSection[] = linkModules.flatMap(({ link: { name, docs } }) =>
  docs ? [{ title: docs.title, path: ['definitions', name], text: docs.text, example: docs.example }] : [],
);

/** The parts of docs/language.md, in order. */
export const sections: readonly LanguageSection[] = [
  {
    title: 'Top level',
    path: [],
    text: 'A file is one lab. Only `version` and `name` are required.',
    example: `
version: 1
name: first
bridges:
  lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan } }
nat:
  - masquerade: lan`,
  },
  {
    title: 'Namespace',
    path: ['definitions', 'namespace'],
    text: 'Under `namespaces`, by name. Left empty (`red: {}`) it has only `lo`, as the network `none` of Docker.',
    example: `
version: 1
name: namespaces
bridges:
  lan: 10.1.0.0/24
namespaces:
  router:
    forwarding: true
    interfaces:
      lan0: { bridge: lan, address: 10.1.0.1 }
    bridges:
      inner: { subnet: 10.2.0.0/24, address: 10.2.0.1 }
  client:
    interfaces: { eth0: { bridge: lan } }
    routes: [{ to: 10.2.0.0/24, via: router }]
  server:
    interfaces: { eth0: { bridge: "router:inner" } }
  lonely: {}`,
  },
  {
    title: 'Labels, projects and selectors',
    path: ['properties', 'projects'],
    text: `A namespace may have \`labels\` and a \`project\`. Wherever a list of namespaces may stand, a map of labels may
stand for the namespaces that have them: \`{ app: db }\`, with several labels for those that have all of them.
\`{ app: [db, cache] }\` is one of several, \`{ app: { not: [db] } }\` any other or none, \`{ app: { exists: true } }\` any.
\`{ project: prod, app: api }\` looks in a project, \`{ project: { team: a } }\` in those with labels, \`{ project: any }\` in
all; \`nat\`, \`dns\`, \`via\` and \`remote\` look in all anyway. \`any\` alone is every namespace of the lab.`,
    example: `
version: 1
name: labels
projects:
  prod: { labels: { team: a } }
bridges:
  lan: 10.1.0.0/24
namespaces:
  db-1: { project: prod, labels: { app: db, tier: "1" }, interfaces: { eth0: { bridge: lan } } }
  db-2: { project: prod, labels: { app: db, tier: "2" }, interfaces: { eth0: { bridge: lan } } }
  web:
    interfaces: { eth0: { bridge: lan } }
    routes: [{ to: 10.9.0.0/16, via: [{ to: { app: db, tier: { not: ["1"] } } }], onlink: true }]
dns:
  hosts: { databases: { project: { team: a }, app: db } }`,
  },
  {
    title: 'Interface',
    path: ['definitions', 'interface'],
    text: 'Under `interfaces` of a namespace, by name. The short form is just the address, or a list of them: `eth0: 10.0.0.1/24`.',
    example: `
version: 1
name: interfaces
bridges:
  lan: [10.1.0.0/24, "fd00:1::/64"]
namespaces:
  red:
    interfaces:
      eth0: { bridge: lan, address: [10.1.0.5, "fd00:1::5"], mac: "02:00:00:00:00:05", mtu: 1400 }
      eth1: 10.9.0.1/24
      lo: 10.255.0.1/32
  blue:
    interfaces: { eth1: 10.9.0.2/24 }
links:
  - red:eth1 -- blue:eth1`,
  },
  {
    title: 'Host',
    path: ['properties', 'host'],
    text: 'Under `host` at top level: what else the machine itself can have. Its bridges, routes, NAT and forwards stand at top level.',
    example: `
version: 1
name: host
host:
  forwarding: true
  interfaces: { to-red: 10.99.0.1/30 }
  dns: { names: true }
namespaces:
  red:
    interfaces: { eth0: 10.99.0.2/30 }
links:
  - host:to-red -- red:eth0`,
  },
  {
    title: 'Interface of the host',
    path: ['definitions', 'hostInterface'],
    like: ['definitions', 'interface'],
    text: 'Under `interfaces` of `host`: the keys of [Interface](#interface), and one more. The short form is just the address, or a list of them.',
    example: null,
  },
  ...linkSections,
  {
    title: 'Bridge',
    path: ['definitions', 'bridge'],
    text: 'Under `bridges`, at top level or in a namespace. The short form is just the subnet, or a list of them: `lan: 10.1.0.0/24`.',
    example: `
version: 1
name: bridges
bridges:
  lan-a: 10.1.0.0/24
  lan-b: { subnet: [10.2.0.0/24, "fd00:2::/64"], address: [10.2.0.1, "fd00:2::1"], mtu: 1400 }
  lan-c: { subnet: 10.3.0.0/24, gateway: router, stp: true, ageing: 10m }
namespaces:
  router:
    forwarding: true
    interfaces:
      eth0: { bridge: lan-a }
      eth1: { bridge: lan-c }`,
  },
  {
    title: 'Open vSwitch',
    path: ['definitions', 'bridge', 'properties', 'kind'],
    text: `A bridge with \`kind: ovs\` is a bridge of an Open vSwitch that belongs to the lab alone: a database and a switch in
user space, started in the namespace of the bridge, with their files in the folder of the lab. An Open vSwitch of the
machine is not touched. Debian's package is openvswitch-switch; its service is not needed, and may be masked. The lab needs
/dev/net/tun.

Frames in user space do not pass netfilter: rules of the family bridge, and CNI plugins that rely on br_netfilter, do not see
them. The ends of cables that lead to such a bridge write the checksums of what they send themselves (as after \`ethtool -K
eth0 tx off\`), because no device does it. When the switch is killed, frames stop; the next apply starts it, with the same
ports. \`netform show\` has its state, its process number and its age. Such a lab cannot be renamed.`,
    example: `
version: 1
name: switched
namespaces:
  switch: { bridges: { sw1: { kind: ovs, subnet: [10.1.0.0/24, "fd00:1::/64"] } } }
  red: { interfaces: { eth0: { bridge: "switch:sw1" } } }
  blue: { interfaces: { eth0: { bridge: "switch:sw1" } } }`,
  },
  {
    title: 'Subnet',
    path: ['definitions', 'subnet'],
    text: 'Under `subnets` at top level. The short form is just the CIDR, or a list of them. Most labs need none: a bridge has its subnet.',
    example: `
version: 1
name: subnets
subnets:
  pods: { cidr: 10.244.0.0/16, gateway: none }
bridges:
  cni0: { subnet: pods, address: 10.244.0.1 }
namespaces:
  pod:
    interfaces: { eth0: { bridge: cni0 } }`,
  },
  {
    title: 'Link',
    path: ['definitions', 'link'],
    text: 'In the list `links`. The short form is `one:interface -- other:interface`.',
    example: `
version: 1
name: links
namespaces:
  a: { interfaces: { eth0: 10.0.0.1/24 } }
  b: { interfaces: { eth0: 10.0.0.2/24, eth1: 10.0.1.1/24 } }
  c: { interfaces: { eth0: 10.0.1.2/24 } }
links:
  - a:eth0 -- b:eth0
  - { ends: ["b:eth1", "c:eth0"], mtu: 9000 }`,
  },
  {
    title: 'Route',
    path: ['definitions', 'route'],
    text: 'In the list `routes`, at top level or in a namespace, with the words of `ip route`.',
    example: `
version: 1
name: routes
bridges:
  lan: { subnet: 10.1.0.0/24, gateway: r1 }
namespaces:
  r1: { forwarding: true, interfaces: { eth0: { bridge: lan }, lo: 10.9.0.1/16 } }
  r2: { forwarding: true, interfaces: { eth0: { bridge: lan }, lo: 10.9.0.1/16 } }
  client:
    interfaces: { eth0: { bridge: lan } }
    routes:
      - { to: 10.9.0.0/16, via: [r1, { to: r2, weight: 2 }], metric: 50 }
      - { to: 10.8.0.0/16, via: r2, table: 100 }
      - { to: 172.16.42.42, type: blackhole }
    rules:
      - { from: 10.1.0.0/25, table: 100, priority: 1000 }`,
  },
  {
    title: 'Next hop',
    path: ['definitions', 'route', 'properties', 'via'],
    text: 'Each `via` of a route. The short form is just the address or the name.',
    example: null,
  },
  {
    title: 'Rule',
    path: ['definitions', 'rule'],
    text: 'In the list `rules` of a namespace or of `host`, with the words of `ip rule`. All conditions of one rule have to hold.',
    example: null,
  },
  {
    title: 'Neighbour',
    path: ['definitions', 'neighbour'],
    text: 'In the list `neighbours` of a namespace or of `host`.',
    example: `
version: 1
name: neighbours
bridges:
  lan: 10.1.0.0/24
namespaces:
  red:
    interfaces: { eth0: { bridge: lan } }
    neighbours:
      - { to: 10.1.0.9, mac: "02:00:00:00:00:09", dev: eth0 }`,
  },
  ...features.flatMap(({ docs }) => docs),
  ...fileKinds.flatMap(({ docs }) => docs),
];
