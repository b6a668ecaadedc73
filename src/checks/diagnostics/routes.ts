import type { CheckDoc } from '../check.ts';

/** Checks that are made while routes, gateways and forwards are resolved. */
export const routeDocs: readonly CheckDoc[] = [
  {
    name: 'next-hop-off-link',
    title: 'A next hop that is not on a link',
    explain:
      'The next hop of a route lies in no subnet that the namespace is on. The kernel refuses such a route, unless it says `onlink: true`.',
    bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, via: 10.1.0.1 }] }
`,
    good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, via: 10.0.0.1 }] }
`,
  },
  {
    name: 'link-local-without-dev',
    title: 'A link-local next hop without its link',
    explain: 'Every link has the same link-local subnet, so a next hop in it says nothing without `dev`.',
    bad: `
bridges: { lan: "fd00:1::/64" }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: "fd00:9::/64", via: "fe80::1" }] }
`,
    good: `
bridges: { lan: "fd00:1::/64" }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: "fd00:9::/64", via: "fe80::1", dev: eth0 }] }
`,
  },
  {
    name: 'next-hop-is-self',
    title: 'A route to oneself',
    explain: 'The next hop of a route is an address of the namespace that the route is in.',
    bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan, address: 10.0.0.5 } }
    routes: [{ to: 10.9.0.0/16, via: 10.0.0.5 }]
`,
    good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red:
    interfaces: { eth0: { bridge: lan, address: 10.0.0.5 } }
    routes: [{ to: 10.9.0.0/16, via: 10.0.0.1 }]
`,
  },
  {
    name: 'mixed-families',
    title: 'IPv4 and IPv6 in one route or rule',
    explain:
      'A route has a destination of one family and a next hop, or a source, of the other; or a rule has `from` and `to` of two.',
    bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: "fd00:9::/64", via: 10.0.0.1 }] }
`,
    good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, via: 10.0.0.1 }] }
`,
  },
  {
    name: 'ambiguous-default',
    title: 'No default route, because two are possible',
    explain:
      'A warning: two interfaces of a namespace are on subnets that have a gateway, so none becomes the default route. `gateway: true` or `gateway: false` at an interface decides, and so does a default route under `routes`.',
    bad: `
bridges:
  lan-a: { subnet: 10.1.0.0/24, address: 10.1.0.1 }
  lan-b: { subnet: 10.2.0.0/24, address: 10.2.0.1 }
host: { forwarding: false }
namespaces:
  red: { interfaces: { eth0: { bridge: lan-a }, eth1: { bridge: lan-b } } }
`,
    good: `
bridges:
  lan-a: { subnet: 10.1.0.0/24, address: 10.1.0.1 }
  lan-b: { subnet: 10.2.0.0/24, address: 10.2.0.1 }
host: { forwarding: false }
namespaces:
  red: { interfaces: { eth0: { bridge: lan-a, gateway: true }, eth1: { bridge: lan-b } } }
`,
  },
  {
    name: 'unknown-device',
    title: 'A link that the namespace does not have',
    explain:
      'A `dev`, an `out`, an `iif` or an `oif` names no link of its namespace. For the host, the machine is asked (`missing-link`).',
    bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, dev: eth1 }] }
`,
    good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, dev: eth0 }] }
`,
  },
  {
    name: 'needs-forwarding',
    title: 'A router that does not forward',
    explain:
      'A warning: a namespace, or the host, is the gateway or the next hop of others, and nothing turns forwarding on there. Writing `forwarding: false` says that it is meant.',
    bad: `
bridges:
  lan-a: { subnet: 10.1.0.0/24, gateway: router }
  lan-b: { subnet: 10.2.0.0/24, gateway: router }
namespaces:
  router: { interfaces: { eth0: { bridge: lan-a }, eth1: { bridge: lan-b } } }
  red: { interfaces: { eth0: { bridge: lan-a } } }
`,
    good: `
bridges:
  lan-a: { subnet: 10.1.0.0/24, gateway: router }
  lan-b: { subnet: 10.2.0.0/24, gateway: router }
namespaces:
  router:
    forwarding: true
    interfaces: { eth0: { bridge: lan-a }, eth1: { bridge: lan-b } }
  red: { interfaces: { eth0: { bridge: lan-a } } }
`,
  },
  {
    name: 'gateway-outside-subnet',
    title: 'A gateway outside the subnet',
    explain:
      'The gateway of a bridge or a subnet lies outside its subnets, or names a namespace that has no address there.',
    bad: `
bridges: { lan: { subnet: 10.0.0.0/24, gateway: 10.1.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
`,
    good: `
bridges: { lan: { subnet: 10.0.0.0/24, gateway: 10.0.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
`,
  },
  {
    name: 'port-range-mismatch',
    title: 'Two ranges of different size',
    explain: 'A forward maps a range of ports to one of another size. Ranges of equal size map one to one.',
    bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
portForwards: [ "8000-8009 -> red:80-85" ]
`,
    good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces: { red: { interfaces: { eth0: { bridge: lan } } } }
portForwards: [ "8000-8009 -> red:80-89" ]
`,
  },
];
