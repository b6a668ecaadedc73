import type { Spec } from '../../../model/json.ts';
import {
  ADDRESSES_SCHEMA,
  LINK_STATE_SCHEMA,
  MAC_SCHEMA,
  MTU_SCHEMA,
  mapSchema,
  TEXTS_SCHEMA,
} from '../../schema-fragments.ts';
import { linkFieldSchemas } from '../link-schema.ts';
import { bridgeFields } from './options.ts';

export const bridgesSchema: Spec = {
  description:
    'Switches. At top level they are bridges of the host, inside a namespace its own. A LAN is a bridge with a subnet. The short form is just the subnet, or a list of them.',
  ...mapSchema('bridge'),
  examples: [{ 'lan-a': '10.1.0.0/24' }, { 'v-net-0': { subnet: '192.168.15.0/24', address: '192.168.15.5' } }],
};

export const bridgeSchema: Spec = {
  type: ['object', 'string', 'array', 'null'],
  items: { type: 'string' },
  minItems: 1,
  additionalProperties: false,
  properties: {
    subnet: {
      description: 'The subnet of this LAN, or a list of them: a CIDR, or the name of an entry under `subnets`.',
      ...TEXTS_SCHEMA,
      examples: ['10.1.0.0/24', ['10.20.0.0/24', 'fd00:20::/64'], 'pods'],
    },
    address: {
      description:
        "The bridge's own address, or a list of them. It makes the bridge's owner the gateway of the LAN. The prefix length comes from the subnet when it is left out. `{address, peer}` as at an interface.",
      ...ADDRESSES_SCHEMA,
      examples: ['192.168.15.5', '172.17.0.1/16', ['10.20.0.1', 'fd00:20::1']],
    },
    gateway: {
      description:
        "Where the default route of the LAN's members goes: an address, the name of a namespace, a list with one of each family, or `none`. Without it, the bridge's own address.",
      ...TEXTS_SCHEMA,
      examples: ['10.20.0.254', 'router', 'none'],
    },
    mac: MAC_SCHEMA,
    mtu: {
      description:
        'The MTU of the bridge, of its ports and of their peers. Without it, the least that a port says, or 1500.',
      ...MTU_SCHEMA,
    },
    state: LINK_STATE_SCHEMA,
    ...linkFieldSchemas(bridgeFields),
  },
};
