import type { LanguageSection } from '../../kinds/language-section.ts';

/** The sections of docs/language.md about `policies`. */
export const policiesDocs: readonly LanguageSection[] = [
  {
    title: 'Policies',
    path: ['definitions', 'policy'],
    text: 'Under `policies`, by name. [What may pass](policies.md) has the rules, and where they are enforced.',
    example: `
version: 1
name: policies
bridges: { lan: { subnet: [10.0.0.0/24, "fd00::/64"], address: [10.0.0.1, "fd00::1"] } }
namespaces:
  api: { labels: { app: api }, interfaces: { eth0: { bridge: lan } } }
  db: { labels: { app: db }, interfaces: { eth0: { bridge: lan } }, answers: { sql: 5432 } }
policies:
  db: { select: { app: db }, ingress: [{ from: { app: api }, ports: [sql] }] }
  quiet: { select: api, ingress: [] }`,
  },
  {
    title: 'What may come in',
    path: ['definitions', 'ingressRule'],
    text: 'An entry under `ingress` of a policy. In one entry both keys must fit; several entries are alternatives, and so are the items of a list. Within `{ }` all labels must fit.',
    example: null,
  },
  {
    title: 'What may go out',
    path: ['definitions', 'egressRule'],
    text: 'An entry under `egress` of a policy.',
    example: null,
  },
];
