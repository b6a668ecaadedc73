import { defineLinkKind } from '../define-link-kind.ts';

/** A link to nowhere: it has addresses and routes, is always up, and what is sent through it is dropped. */
export const dummy = defineLinkKind({
  name: 'dummy',
  phrase: 'a dummy',
  section: 'interfaces',
  explain:
    'Makes the interface a link to nowhere: it has addresses and routes, is always up, and what is sent through it is dropped.',
  fields: {},
  lower: null,
  segment: null,
  overhead: () => 0,
  caption: () => 'dummy',
  immutable: [],
  unlike: null,
  netlink: { encode: () => [], decode: () => ({ options: {} }) },
  shell: () => [],
  describe: ({ action, mtu, up, master }) =>
    action === 'create' ? [`mtu ${mtu}`, master === null ? '' : `port of ${master}`, up ? '' : 'down'] : [],
  checks: [],
  newFlags: () => [],
  docs: {
    title: 'Dummy',
    text: 'At an interface: it leads nowhere. A service address or a route that must stay up whatever happens to the cables stands on one.',
    short: [{}],
    example: `
version: 1
name: service-address
bridges:
  lan: 10.1.0.0/24
namespaces:
  server:
    interfaces:
      eth0: { bridge: lan, address: 10.1.0.10 }
      service0: { dummy: {}, address: 10.99.0.1/32 }
  client:
    interfaces: { eth0: { bridge: lan } }
    routes: [{ to: 10.99.0.1, via: server }]`,
  },
});
