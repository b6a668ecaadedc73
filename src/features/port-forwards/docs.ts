import type { LanguageSection } from '../../kinds/language-section.ts';

/** The section of docs/language.md about `portForwards`. */
export const forwardDocs: LanguageSection = {
  title: 'Port forward',
  path: ['definitions', 'forward'],
  text: 'In the list `portForwards`, at top level or in a namespace. The short form is `listen -> to`. A forward with several targets sends each new connection to one of them, at random by weight.',
  example: `
version: 1
name: forwards
bridges:
  lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 }
namespaces:
  web: { interfaces: { eth0: { bridge: lan } }, publish: ["8443:443"] }
  names: { interfaces: { eth0: { bridge: lan } } }
portForwards:
  - 8080 -> web:80
  - { listen: 5353/tcp+udp, to: "names:53" }
  - 9000-9009 -> web
  - { listen: 80, to: ["web:8080", { to: "names:8080", weight: 3 }] }`,
};
