import type { Spec } from '../../../model/json.ts';
import {
  ADDRESSES_SCHEMA,
  LINK_STATE_SCHEMA,
  listSchema,
  MAC_SCHEMA,
  MTU_SCHEMA,
  mapSchema,
  TEXTS_SCHEMA,
} from '../../schema-fragments.ts';
import { linkFieldSchemas } from '../link-schema.ts';
import { bridgeFields } from './options.ts';
import { portFields } from './port-fields.ts';

export const bridgesSchema: Spec = {
  description:
    'Switches. At top level they are bridges of the host, inside a namespace its own. A LAN is a bridge with a subnet. The short form is just the subnet, or a list of them.',
  ...mapSchema('bridge'),
  examples: [{ 'lan-a': '10.1.0.0/24' }, { 'v-net-0': { subnet: '192.168.15.0/24', address: '192.168.15.5' } }],
};

const subnet: Spec = {
  description: 'The subnet of this LAN, or a list of them: a CIDR, or the name of an entry under `subnets`.',
  ...TEXTS_SCHEMA,
  examples: ['10.1.0.0/24', ['10.20.0.0/24', 'fd00:20::/64'], 'pods'],
};

const gateway: Spec = {
  description:
    "Where the default route of the LAN's members goes: an address, the name of a namespace, a list with one of each family, or `none`. Without it, the bridge's own address.",
  ...TEXTS_SCHEMA,
  examples: ['10.20.0.254', 'router', 'none'],
};

export const bridgeSchema: Spec = {
  type: ['object', 'string', 'array', 'null'],
  items: { type: 'string' },
  minItems: 1,
  additionalProperties: false,
  properties: {
    subnet,
    address: {
      description:
        "The bridge's own address, or a list of them. It makes the bridge's owner the gateway of the LAN. The prefix length comes from the subnet when it is left out. `first` is the first one of each subnet. `{address, peer}` as at an interface.",
      ...ADDRESSES_SCHEMA,
      examples: ['192.168.15.5', '172.17.0.1/16', 'first', ['10.20.0.1', 'fd00:20::1']],
    },
    gateway,
    mac: MAC_SCHEMA,
    mtu: {
      description:
        'The MTU of the bridge, of its ports and of their peers. Without it, that of a tunnel which is its port, the least of its ports where all of them write one, or 1500.',
      ...MTU_SCHEMA,
    },
    state: LINK_STATE_SCHEMA,
    ...linkFieldSchemas(bridgeFields),
    vlanFiltering: {
      description:
        'Whether the bridge keeps VLANs apart. `vlans` implies it. Ports that say nothing, and the bridge itself, are in VLAN 1.',
      type: 'boolean',
      examples: [true],
    },
    vlans: {
      description: 'The VLANs by name, each a LAN of its own. The short form is just the number.',
      ...mapSchema('bridgeVlan'),
      examples: [{ red: 10 }, { red: { id: 10, subnet: '10.10.0.0/24', address: '10.10.0.1' } }],
    },
    fdb: {
      description: 'Entries of the forwarding table that do not age: where the frames of a MAC go.',
      ...listSchema('fdbEntry'),
      examples: [[{ mac: '02:00:00:00:00:05', port: 'red:eth0' }]],
    },
    mdb: {
      description:
        'Entries of the multicast table that do not age: ports that get the frames of a group without asking.',
      ...listSchema('mdbEntry'),
      examples: [[{ group: '239.1.1.1', port: 'red:eth0' }]],
    },
  },
};

const ENTRY_PORT: Spec = {
  description:
    'The port: `namespace:interface` of an interface that has its port there, or a link of the namespace of the bridge.',
  type: 'string',
  examples: ['red:eth0'],
};

/** A VLAN by the name that its bridge gives it, or by number. */
const VLAN_REF_SCHEMA: Spec = { type: ['string', 'integer'], examples: ['red', 10] };

const ENTRY_VLAN: Spec = { description: 'The VLAN, by name or number; 1 unless it is written.', ...VLAN_REF_SCHEMA };

export const vlanSchema: Spec = {
  type: ['object', 'integer'],
  required: ['id'],
  additionalProperties: false,
  properties: {
    id: { description: 'The number of the VLAN, from 1 to 4094.', type: 'integer', examples: [10] },
    subnet,
    address: {
      description:
        "The bridge's own address in this VLAN, or a list of them; it is on a link named like `lan.10`. It makes the bridge's owner the gateway of the VLAN.",
      ...ADDRESSES_SCHEMA,
      examples: ['10.10.0.1', ['10.10.0.1', 'fd00:10::1']],
    },
    gateway,
  },
};

export const bridgePortSchema: Spec = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    access: {
      description: 'The one VLAN of this port, by name or number. Its frames have no tag.',
      ...VLAN_REF_SCHEMA,
    },
    trunk: {
      description: 'The VLANs whose frames pass with their tag: names, numbers, ranges such as 20-29.',
      type: ['array', 'string', 'integer'],
      items: { type: ['string', 'integer'] },
      minItems: 1,
      examples: [['red', '20-29'], 'red', [10, 20]],
    },
    native: {
      description: 'Of a trunk: the VLAN of frames without a tag. Without it they are dropped.',
      ...VLAN_REF_SCHEMA,
    },
    ...linkFieldSchemas(portFields),
  },
};

export const fdbEntrySchema: Spec = {
  type: 'object',
  required: ['mac'],
  additionalProperties: false,
  properties: {
    mac: { description: 'The MAC, quoted.', type: 'string', examples: ['02:00:00:00:00:05'] },
    port: { ...ENTRY_PORT, description: `${ENTRY_PORT['description']} Left out: the bridge takes the frames itself.` },
    vlan: ENTRY_VLAN,
  },
};

export const mdbEntrySchema: Spec = {
  type: 'object',
  required: ['group', 'port'],
  additionalProperties: false,
  properties: {
    group: {
      description: 'A multicast address of IPv4 or IPv6, or a multicast MAC, quoted.',
      type: 'string',
      examples: ['239.1.1.1', 'ff05::5', '01:00:5e:01:01:09'],
    },
    port: ENTRY_PORT,
    vlan: ENTRY_VLAN,
  },
};
