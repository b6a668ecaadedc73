import type { LanguageSection } from '../../kinds/language-section.ts';

/** The section of docs/language.md about `answers`. */
export const answersDocs: LanguageSection = {
  title: 'Ports that answer',
  path: ['definitions', 'namespace', 'properties', 'answers'],
  text: 'Where a lab is about the way of a packet and not about the program at its end, `answers` stands in for that program. A client reads which namespace answered, from which address it was asked, and, if it spoke HTTP, the request as it arrived; a datagram is answered the same way. `netform import kubernetes` writes it for the ports of containers.',
  example: `
version: 1
name: answers
bridges: { lan: [10.0.0.0/24, "fd00::/64"] }
namespaces:
  web:
    interfaces: { eth0: { bridge: lan } }
    answers: { http: 80, echo: 7/udp }
  client:
    interfaces: { eth0: { bridge: lan } }`,
};
