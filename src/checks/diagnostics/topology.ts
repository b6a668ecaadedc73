import type { CheckDoc } from '../check.ts';
import { routeDocs } from './routes.ts';

/** Checks that are made while names are resolved and addresses are given out. */
export const topologyDocs: readonly CheckDoc[] = [
  {
    name: 'unknown-namespace',
    title: 'A namespace that is not in the file',
    explain: 'A name that stands for an address is none of the namespaces, and not `host`.',
    bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, via: ruoter }] }
  router: { interfaces: { eth0: { bridge: lan } }, forwarding: false }
`,
    good: `
bridges: { lan: 10.0.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan } }, routes: [{ to: 10.9.0.0/16, via: router }] }
  router: { interfaces: { eth0: { bridge: lan } }, forwarding: false }
`,
  },
  {
    name: 'unknown-interface',
    title: 'An interface that the namespace does not have',
    explain: 'The part after the colon is no interface of that namespace.',
    bad: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces:
  blue: { interfaces: { eth0: { bridge: lan } } }
portForwards: [ "80 -> blue:eth1:80" ]
`,
    good: `
bridges: { lan: { subnet: 10.0.0.0/24, address: 10.0.0.1 } }
namespaces:
  blue: { interfaces: { eth0: { bridge: lan } } }
portForwards: [ "80 -> blue:eth0:80" ]
`,
  },
  {
    name: 'unknown-bridge',
    title: 'A bridge that is not in the file',
    explain:
      'An interface names a bridge that neither its namespace nor the host has. The bridge of another namespace is `router:cni0`.',
    bad: `
bridges: { lan-a: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan-b } } } }
`,
    good: `
bridges: { lan-a: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan-a } } } }
`,
  },
  {
    name: 'unknown-subnet',
    title: 'A subnet that is not in the file',
    explain:
      'A bridge or an entry of `nat` names a subnet that stands neither under `subnets` nor, for `nat`, under `bridges`.',
    bad: `
bridges: { lan: { subnet: pods } }
`,
    good: `
subnets: { pods: 10.244.0.0/16 }
bridges: { lan: { subnet: pods } }
`,
  },
  {
    name: 'undeclared-end',
    title: 'A cable to a namespace that is not there',
    explain: 'An end of a cable names a namespace that the file does not declare.',
    bad: `
namespaces: { a: { interfaces: { eth0: 10.0.0.1/24 } } }
links: [ "a:eth0 -- b:eth0" ]
`,
    good: `
namespaces: { a: { interfaces: { eth0: 10.0.0.1/24 } }, b: { interfaces: { eth0: 10.0.0.2/24 } } }
links: [ "a:eth0 -- b:eth0" ]
`,
  },
  {
    name: 'unwired-interface',
    title: 'An interface that leads nowhere',
    explain: 'An interface has neither a bridge nor a cable, and is no vxlan and no link that the machine has.',
    bad: `
namespaces: { red: { interfaces: { eth0: 10.0.0.1/24 } } }
`,
    good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan, address: 10.0.0.1 } } } }
`,
  },
  {
    name: 'cable-conflict',
    title: 'A cable that cannot be plugged in',
    explain:
      'An interface has two cables, or a cable and a bridge that is not its namespace’s own, or is a vxlan with one of them, or an end is no interface: a cable ends at two different interfaces.',
    bad: `
namespaces: { a: {}, b: {}, c: {} }
links: [ "a:eth0 -- b:eth0", "a:eth0 -- c:eth0" ]
`,
    good: `
namespaces: { a: {}, b: {}, c: {} }
links: [ "a:eth0 -- b:eth0", "a:eth1 -- c:eth0" ]
`,
  },
  {
    name: 'no-shared-lan',
    title: 'Two that are not on one LAN',
    explain:
      'A name stands where the address on a shared LAN is needed, a next hop or a target, and the two share none.',
    bad: `
bridges: { lan-a: 10.1.0.0/24, lan-b: 10.2.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan-a } }, routes: [{ to: 10.9.0.0/16, via: blue }] }
  blue: { interfaces: { eth0: { bridge: lan-b } } }
`,
    good: `
bridges: { lan-a: 10.1.0.0/24 }
namespaces:
  red: { interfaces: { eth0: { bridge: lan-a } }, routes: [{ to: 10.9.0.0/16, via: blue }] }
  blue: { interfaces: { eth0: { bridge: lan-a } }, forwarding: false }
`,
  },
  {
    name: 'vxlan-ends',
    title: 'A vxlan that cannot lead anywhere',
    explain:
      'The remote of a vxlan is its own namespace, its local address is not of its namespace or of another family than the remote, or its `dev` is itself or the bridge that it is a port of. A remote on a LAN of the lab that nobody there has is a warning.',
    bad: `
namespaces:
  red:
    interfaces:
      eth0: 10.0.0.1/24
      vx0: { vxlan: { id: 42, remote: 10.0.0.1 }, address: 10.42.0.1/24 }
  blue: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "red:eth0 -- blue:eth0" ]
`,
    good: `
namespaces:
  red:
    interfaces:
      eth0: 10.0.0.1/24
      vx0: { vxlan: { id: 42, remote: 10.0.0.2 }, address: 10.42.0.1/24 }
  blue: { interfaces: { eth0: 10.0.0.2/24 } }
links: [ "red:eth0 -- blue:eth0" ]
`,
  },
  {
    name: 'address-outside-subnet',
    title: 'An address outside its subnet',
    explain: 'The address of an interface on a bridge, or of the bridge, lies in none of the bridge’s subnets.',
    bad: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan, address: 10.0.1.5 } } } }
`,
    good: `
bridges: { lan: 10.0.0.0/24 }
namespaces: { red: { interfaces: { eth0: { bridge: lan, address: 10.0.0.5 } } } }
`,
  },
  {
    name: 'pool-exhausted',
    title: 'No address is left',
    explain: 'A subnet has fewer hosts than interfaces that want an address of it.',
    bad: `
bridges: { lan: 10.0.0.0/30 }
namespaces:
  a: { interfaces: { eth0: { bridge: lan } } }
  b: { interfaces: { eth0: { bridge: lan } } }
  c: { interfaces: { eth0: { bridge: lan } } }
`,
    good: `
bridges: { lan: 10.0.0.0/29 }
namespaces:
  a: { interfaces: { eth0: { bridge: lan } } }
  b: { interfaces: { eth0: { bridge: lan } } }
  c: { interfaces: { eth0: { bridge: lan } } }
`,
  },
  {
    name: 'missing-prefix-length',
    title: 'An address without a length',
    explain:
      'An address is written without a prefix length where no subnet gives one: at a cable, or on a bridge without a subnet.',
    bad: `
namespaces: { a: { interfaces: { eth0: 10.0.0.1 } }, b: { interfaces: { eth0: 10.0.0.2 } } }
links: [ "a:eth0 -- b:eth0" ]
`,
    good: `
namespaces: { a: { interfaces: { eth0: 10.0.0.1/24 } }, b: { interfaces: { eth0: 10.0.0.2/24 } } }
links: [ "a:eth0 -- b:eth0" ]
`,
  },
  ...routeDocs,
];
