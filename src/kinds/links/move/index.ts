import { defineLinkKind } from '../define-link-kind.ts';
import { checkNic } from './check-nic.ts';
import { type MoveOptions, moveFields } from './options.ts';
import { movedNic } from './resource.ts';

/** A hardware NIC of the machine that is moved into a namespace, and back when the lab goes. */
export const move = defineLinkKind<MoveOptions>(
  {
    name: 'move',
    phrase: 'a NIC of the machine',
    section: 'interfaces',
    explain:
      'Makes the interface a hardware NIC of the machine: it is moved into the namespace, and back under its own name by `destroy`.',
    fields: moveFields,
    shorthand: 'from',
    lower: 'from',
    segment: null,
    overhead: () => 0,
    caption: () => 'NIC',
    inheritsMac: () => true,
    isFound: true,
    immutable: [],
    unlike: null,
    // No message makes one.
    netlink: { encode: () => [], decode: () => ({ options: null }) },
    shell: () => [],
    describe: () => [],
    check: checkNic,
    checks: [],
    docs: {
      title: 'Moved NIC',
      text: 'At an interface of a namespace: it is a hardware NIC of the machine, `host:` and its name there. It keeps its MAC, and its `mtu` unless one is written; `bridge` makes it a port of a bridge of the namespace. The machine must not use it: no address, no master, nothing that stands on it. `destroy` moves it back, with its former name and state. A link that the kernel deletes together with its namespace (any that `ip -d link` shows a kind of) is refused.',
      short: ['host:eth2'],
      example: `
version: 1
name: moved
namespaces:
  router:
    forwarding: true
    bridges: { lan: {} }
    interfaces:
      wan: { move: "host:eth2", address: 203.0.113.2/24 }
      lan0: { move: "host:eth3", bridge: lan }`,
    },
  },
  movedNic,
);
