import type { LanguageSection } from '../../kinds/language-section.ts';

/** The sections of docs/language.md about `firewall`. */
export const firewallDocs: readonly LanguageSection[] = [
  {
    title: 'Firewall',
    path: ['definitions', 'firewall'],
    text: 'Under `firewall`, at top level or in a namespace. [The firewall](firewall.md) has the rules, and how it goes together with forwards, services and policies.',
    example: `
version: 1
name: firewall
namespaces:
  router:
    bridges:
      lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 }
      guests: { subnet: 10.2.0.0/24, address: 10.2.0.1 }
    interfaces: { wan: 203.0.113.1/24 }
    nat: [{ masquerade: [lan, guests], out: wan }]
    firewall:
      input: drop
      forward: drop
      deny: [{ from: guests, to: lan, reject: true }]
      allow:
        - { from: [lan, guests], out: wan, ports: [80, 443, 53/udp] }
        - { in: wan, to: web, ports: [http], log: true }
        - { from: any, proto: icmp }
  web: { interfaces: { eth0: { bridge: "router:lan" } }, answers: { http: 80 } }
  guest: { interfaces: { eth0: { bridge: "router:guests" } } }
  isp: { interfaces: { eth0: 203.0.113.9/24 } }
links:
  - router:wan -- isp:eth0`,
  },
  {
    title: 'What is allowed',
    path: ['definitions', 'firewallAllow'],
    text: 'An entry under `allow`. All keys that are written must fit; the items of a list are alternatives.',
    example: null,
  },
  {
    title: 'What is denied',
    path: ['definitions', 'firewallDeny'],
    text: 'An entry under `deny`.',
    example: null,
  },
];
