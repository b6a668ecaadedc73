import type { LanguageSection } from '../../kinds/language-section.ts';

/** The section of docs/language.md about `nat`. */
export const natDocs: LanguageSection = {
  title: 'NAT',
  path: ['definitions', 'nat'],
  text: 'In the list `nat`, at top level or in a namespace. One entry has `masquerade`, or `snat` with `as`.',
  example: `
version: 1
name: nat
bridges:
  lan-a: { subnet: 10.1.0.0/24, address: 10.1.0.1 }
  lan-b: { subnet: 10.2.0.0/24, address: 10.2.0.1 }
namespaces:
  isp: { interfaces: { eth0: 203.0.113.9/24 } }
links:
  - host:uplink -- isp:eth0
host:
  interfaces: { uplink: [203.0.113.1/24, 203.0.113.5/24] }
nat:
  - { masquerade: lan-a, out: uplink }
  - { snat: lan-b, as: 203.0.113.5, out: uplink, exceptTo: 10.0.0.0/8 }`,
};
