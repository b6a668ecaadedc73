import type { LanguageSection } from '../../kinds/language-section.ts';

/** The section of docs/language.md about `impair`. */
export const impairDocs: LanguageSection = {
  title: 'Impairments',
  path: ['definitions', 'impairment'],
  text: 'At an interface: `impair` makes a bad line of what leaves it. At a cable: the same both ways. `netform link set` does it by hand.',
  example: `
version: 1
name: bad-lines
bridges: { lan: 10.0.0.0/24 }
namespaces:
  phone: { interfaces: { eth0: { bridge: lan, impair: { rate: 10mbit, loss: "1%" } } } }
  server: { interfaces: { eth0: { bridge: lan } } }
  far: { interfaces: { sat0: 10.9.0.1/30 } }
  dish: { interfaces: { sat0: 10.9.0.2/30 } }
links:
  - { ends: ["far:sat0", "dish:sat0"], impair: { delay: 270ms, jitter: 10ms, loss: "0.5%" } }`,
};
