import type { LanguageSection } from '../../kinds/language-section.ts';

/** The section of docs/language.md about `run` and `files`. */
export const runDocs: LanguageSection = {
  title: 'Programs',
  path: ['definitions', 'program'],
  text: '`run` in a namespace, or under `host`: programs that run as long as the lab is there. `files`: what only they, `netform exec` and `netform shell` see. [Programs that run inside](programs.md) tells the rest.',
  example: `
version: 1
name: web
bridges: { lan: [10.0.0.0/24, "fd00::/64"] }
namespaces:
  web:
    interfaces: { eth0: { bridge: lan } }
    run:
      http: { command: "python3 -m http.server --bind :: 80", workdir: /srv, ports: { http: 80 } }
    files:
      /srv/index.html: { content: "hello from web\\n" }
  client:
    interfaces: { eth0: { bridge: lan } }`,
};
