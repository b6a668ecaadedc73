import type { LanguageSection } from '../../kinds/language-section.ts';

/** The section of docs/language.md about `services`. */
export const serviceDocs: LanguageSection = {
  title: 'Service',
  path: ['definitions', 'service'],
  text: `Under \`services\` at top level, by name. A new connection to its address goes to one of the endpoints, chosen at random;
its packets follow. Every gateway of the lab translates (or those in \`nodes\`), so that the clients need nothing but their
default route. The name of a service is in the hosts files, as those of namespaces are. Without an endpoint, and on a port
that the service does not have, a connection is refused at once.

\`ports: ["80:http"]\` leads to the port that each endpoint calls \`http\` (in \`ports\` of a program, or in \`answers\`), which need not
be the same number everywhere. An endpoint without such a port is left out, and \`validate\` names it.

An endpoint sees the address of the client, unless both are on one LAN, where it would answer past the gateway, or the
connection came by \`nodePort\` or \`externalIPs\` with \`externalTrafficPolicy: cluster\`. Localhost has no node ports.`,
  example: `
version: 1
name: services
bridges:
  lan: { subnet: 10.1.0.0/24, address: 10.1.0.1 }
namespaces:
  "web-{1..3}": { labels: { app: web }, interfaces: { eth0: { bridge: lan } } }
  db: { interfaces: { eth0: { bridge: lan } } }
services:
  web: { to: { app: web }, ports: { http: "80:8080" }, nodePort: 30080 }
  store: { to: db, ports: ["3306"], clusterIP: none }`,
};
