import type { Spec } from '../../model/json.ts';
import {
  ADDRESS_SCHEMA,
  ADDRESSES_SCHEMA,
  LINK_STATE_SCHEMA,
  MAC_SCHEMA,
  MTU_SCHEMA,
  mapSchema,
} from '../schema-fragments.ts';
import { linkModules } from './index.ts';
import { linkOptionsSchema, linkReferenceSchema } from './link-schema.ts';

const interfaceKinds = linkModules.map(({ link }) => link).filter(({ section }) => section === 'interfaces');

/** The definitions of the options of all kinds that stand at interfaces. */
export const linkDefinitions: Spec = Object.fromEntries(
  interfaceKinds.map((kind) => [kind.name, linkOptionsSchema(kind)]),
);

export const interfacesSchema: Spec = {
  description:
    'Interfaces by name. Each is wired by its `bridge` or by a cable under `links`, or has a kind of its own; `lo` is always there. The short form is just the address, or a list of them.',
  ...mapSchema('interface'),
  examples: [{ eth0: { bridge: 'lan-a' } }, { eth0: '10.1.1.10/24' }, { lo: '10.10.10.1/32' }],
};

export const hostInterfacesSchema: Spec = {
  description:
    "Interfaces of the machine: the host's ends of cables and of ports, and NICs that it has already (`existing: true`), to which the file only adds.",
  ...mapSchema('hostInterface'),
  examples: [{ 'to-red': '10.99.0.1/30' }, { eth1: { existing: true, address: '10.0.0.1/24' } }],
};

const properties: Spec = {
  bridge: {
    description:
      'The bridge that this interface is plugged into: its name, or `namespace:bridge` for a bridge of another namespace. A bare name is a bridge of this namespace first, then of the host.',
    type: 'string',
    examples: ['v-net-0', 'router:cni0'],
  },
  address: {
    description:
      'One address or a list of them: packets leave with the first one of a subnet (where all are given at once; one that is added later is the last of IPv4 and the first of IPv6). The prefix length comes from the subnet when it is left out. Nothing written: the next free one of the subnet. `none`: no address at all. `{address, peer}`: an address of a point-to-point link, which reaches the other end and needs no subnet.',
    ...ADDRESSES_SCHEMA,
    examples: ['192.168.15.1', ['10.1.1.1/24', 'fd00:1::1/64'], { address: '10.0.0.1', peer: '10.0.0.2' }, 'none'],
  },
  port: {
    description: 'What its port of `bridge` has: VLANs, isolation, and other settings.',
    $ref: '#/definitions/port',
    examples: [{ isolated: true }, { access: 'red' }, { trunk: ['red', '20-29'], native: 'blue' }],
  },
  ...Object.fromEntries(interfaceKinds.map((kind) => [kind.name, linkReferenceSchema(kind)])),
  mac: MAC_SCHEMA,
  mtu: {
    description:
      'The MTU of both ends of this link; of one with a kind of its own, what it gives to its packets at most.',
    ...MTU_SCHEMA,
  },
  state: LINK_STATE_SCHEMA,
  gateway: {
    description:
      'Whether the implied default route goes through this interface. Without it, it does where exactly one interface has a gateway.',
    type: 'boolean',
    examples: [true],
  },
};

const short: Spec = { type: ['object', 'string', 'array', 'null'], items: ADDRESS_SCHEMA, minItems: 1 };

export const namespaceInterfaceSchema: Spec = { ...short, additionalProperties: false, properties };

export const hostInterfaceSchema: Spec = {
  ...short,
  additionalProperties: false,
  properties: {
    ...properties,
    existing: {
      description:
        'True for a NIC that the machine has already, under the name of the interface. `{ mac: "52:54:…" }` finds it by its MAC: the key is then what the lab calls it, and the NIC keeps its name. It is never created or deleted, only added to. With `bridge`, it is a port of that bridge of the machine; `destroy` gives it its former master back.',
      type: ['boolean', 'object'],
      additionalProperties: false,
      required: ['mac'],
      properties: {
        mac: { description: 'The MAC of the NIC.', type: 'string', examples: ['52:54:00:12:34:56'] },
      },
      default: false,
      examples: [true, { mac: '52:54:00:12:34:56' }],
    },
  },
};
