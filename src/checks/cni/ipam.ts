import { anything, type Fields, fields, flag, list, number, openFields, text } from './shape.ts';

const route = fields(
  { dst: text, gw: text, mtu: number(), advmss: number(), priority: number(), table: number(), scope: number(0, 255) },
  'dst',
);

export const dns: Fields = fields({ nameservers: list(text), domain: text, search: list(text), options: list(text) });

const range = { subnet: text, rangeStart: text, rangeEnd: text, gateway: text };

/** The `ipam` objects of the address plugins: those of github.com/containernetworking/plugins v1.9, and two of CNI vendors. */
export const ipamShapes: { readonly [type: string]: Fields } = {
  'host-local': fields({
    type: text,
    ...range,
    ranges: list(list(fields(range, 'subnet'))),
    routes: list(route),
    dataDir: text,
    resolvConf: text,
  }),
  static: fields({
    type: text,
    addresses: list(fields({ address: text, gateway: text }, 'address')),
    routes: list(route),
    dns,
  }),
  dhcp: fields({
    type: text,
    daemonSocketPath: text,
    request: list(fields({ option: anything, skipDefault: flag })),
    provide: list(fields({ option: anything, value: text, fromArg: text }, 'option')),
    priority: number(),
  }),
  'calico-ipam': openFields({
    type: text,
    assign_ipv4: text,
    assign_ipv6: text,
    ipv4_pools: list(text),
    ipv6_pools: list(text),
  }),
  'weave-ipam': openFields({ type: text, subnet: text, gateway: text, routes: list(route) }),
};

/** Of an address plugin that netform does not know. */
export const anyIpam: Fields = openFields({ type: text });
