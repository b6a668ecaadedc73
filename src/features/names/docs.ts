import type { LanguageSection } from '../../kinds/language-section.ts';

/** The section of docs/language.md about `dns`. */
export const dnsDocs: LanguageSection = {
  title: 'DNS',
  path: ['properties', 'dns'],
  text: "Under `dns` at top level, for every namespace, and inside a namespace, where each key that is written takes the place of the lab's. `host: { dns: { names: true } }` puts the names into the machine's own `/etc/hosts`. The hosts file of a namespace has the machine's own name, too (`127.0.1.1 vm`): many programs ask for it as they start, and would wait for a DNS server that they do not reach.",
  example: `
version: 1
name: dns
bridges:
  lan: 10.1.0.0/24
namespaces:
  ns: { interfaces: { eth0: { bridge: lan, address: 10.1.0.53 } } }
  web: { interfaces: { eth0: { bridge: lan } } }
  deaf:
    interfaces: { eth0: { bridge: lan } }
    dns: { names: false, order: [files] }
dns:
  hosts: { www.lab.test: web }
  search: lab.test
  nameservers: ns
  order: [files, dns]`,
};
