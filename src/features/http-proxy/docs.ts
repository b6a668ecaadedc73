import type { LanguageSection } from '../../kinds/language-section.ts';

/** The sections of docs/language.md about `ingress`. */
export const ingressDocs: readonly LanguageSection[] = [
  {
    title: 'Ingress',
    path: ['definitions', 'namespace', 'properties', 'ingress'],
    text: 'In a namespace, or under `host`. The proxy runs as long as the lab is there; other targets and paths need no new start, and no request is lost meanwhile. haproxy asks every two seconds whether servers take connections or answer at `check`; nginx leaves a server out for ten seconds that has failed a request, and a reload of it ends connections that wait for their next request. Both say who asked in `X-Forwarded-For`, `-Proto` and `-Host`.',
    example: `
version: 1
name: ingress
bridges: { lan: 10.0.0.0/24 }
namespaces:
  video: { interfaces: { eth0: { bridge: lan } }, answers: [8080] }
  wear: { interfaces: { eth0: { bridge: lan } }, answers: [8080] }
  edge:
    interfaces: { eth0: { bridge: lan } }
    ingress:
      listen: [80, { port: 443, tls: { hosts: [secure.lab.test], redirect: true } }]
      rules:
        - { host: videos.lab.test, to: "video:8080", check: /healthz }
        - { paths: { /watch: "video:8080", /wear: { to: "wear:8080", rewrite: / } } }
      default: "wear:8080"`,
  },
  {
    title: 'Ports of an ingress',
    path: ['definitions', 'ingressListen'],
    text: 'An item of `listen`; a number is a port without TLS.',
    example: null,
  },
  { title: 'Rules of an ingress', path: ['definitions', 'ingressRoute'], text: 'An item of `rules`.', example: null },
  {
    title: 'Paths of an ingress',
    path: ['definitions', 'ingressPath'],
    text: 'A value under `paths`; a text or a list alone is `to`.',
    example: null,
  },
  {
    title: 'Targets of an ingress',
    path: ['definitions', 'ingressTarget'],
    text: 'An item of a list of targets.',
    example: null,
  },
];
