import type { LanguageSection } from '../../kinds/language-section.ts';

/** The section of docs/language.md about `dnsServer`. */
export const dnsServerDocs: readonly LanguageSection[] = [
  {
    title: 'DNS server',
    path: ['definitions', 'namespace', 'properties', 'dnsServer'],
    text: 'In a namespace, or under `host`: a server that runs as long as the lab is there. Addresses change without a restart. [From /etc/hosts to a DNS server](dns.md) tells it step by step.',
    example: `
version: 1
name: dns-server
bridges: { lan: 10.1.0.0/24 }
namespaces:
  ns1:
    interfaces: { eth0: { bridge: lan, address: 10.1.0.53 } }
    dnsServer:
      zones:
        lab.test:
          records: [www CNAME web, "@ MX 10 mail", mail A 10.1.0.25, "*.dev A 10.1.0.20"]
      names: true
      forward: [8.8.8.8, { zone: corp.test, to: 10.1.0.99 }]
  web: { interfaces: { eth0: { bridge: lan } } }
dns: { domain: lab.test, nameservers: [ns1] }`,
  },
  {
    title: 'Zones',
    path: ['definitions', 'zone'],
    text: 'Under `zones` of a DNS server, by name.',
    example: null,
  },
  {
    title: 'Forwarding of names',
    path: ['definitions', 'dnsForward'],
    text: 'An entry under `forward` of a DNS server; an address or a name alone stands for all that no other entry is about.',
    example: null,
  },
];
