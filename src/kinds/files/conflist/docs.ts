import type { LanguageSection } from '../../language-section.ts';

/** The section of docs/language.md about `cni`. */
export const conflistDocs: LanguageSection = {
  title: 'CNI network',
  path: ['definitions', 'conflist'],
  text: 'Under `cni` at top level, by the name of the network. What netform knows about the plugins is checked key by key; see [checks](checks.md).',
  example: `
version: 1
name: cni
cni:
  mynet:
    cniVersion: 1.0.0
    plugins:
      - type: bridge
        bridge: cni0
        isGateway: true
        ipMasq: true
        ipam: { type: host-local, subnet: 10.22.0.0/16, routes: [{ dst: 0.0.0.0/0 }] }
      - { type: portmap, capabilities: { portMappings: true } }`,
};
