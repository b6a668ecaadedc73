import {
  anyShape,
  arrayShape,
  booleanShape,
  type CniObjectShape,
  numberShape,
  objectShape,
  openObjectShape,
  textShape,
} from './shape.ts';

const route = objectShape(
  {
    dst: textShape,
    gw: textShape,
    mtu: numberShape(),
    advmss: numberShape(),
    priority: numberShape(),
    table: numberShape(),
    scope: numberShape(0, 255),
  },
  'dst',
);

export const dnsShape: CniObjectShape = objectShape({
  nameservers: arrayShape(textShape),
  domain: textShape,
  search: arrayShape(textShape),
  options: arrayShape(textShape),
});

const range = { subnet: textShape, rangeStart: textShape, rangeEnd: textShape, gateway: textShape };

/** The `ipam` objects of the address plugins: those of github.com/containernetworking/plugins v1.9, and two of CNI vendors. */
export const ipamShapes: { readonly [type: string]: CniObjectShape } = {
  'host-local': objectShape({
    type: textShape,
    ...range,
    ranges: arrayShape(arrayShape(objectShape(range, 'subnet'))),
    routes: arrayShape(route),
    dataDir: textShape,
    resolvConf: textShape,
  }),
  static: objectShape({
    type: textShape,
    addresses: arrayShape(objectShape({ address: textShape, gateway: textShape }, 'address')),
    routes: arrayShape(route),
    dns: dnsShape,
  }),
  dhcp: objectShape({
    type: textShape,
    daemonSocketPath: textShape,
    request: arrayShape(objectShape({ option: anyShape, skipDefault: booleanShape })),
    provide: arrayShape(objectShape({ option: anyShape, value: textShape, fromArg: textShape }, 'option')),
    priority: numberShape(),
  }),
  'calico-ipam': openObjectShape({
    type: textShape,
    assign_ipv4: textShape,
    assign_ipv6: textShape,
    ipv4_pools: arrayShape(textShape),
    ipv6_pools: arrayShape(textShape),
  }),
  'weave-ipam': openObjectShape({ type: textShape, subnet: textShape, gateway: textShape, routes: arrayShape(route) }),
};

/** Of an address plugin that netform does not know. */
export const unknownIpamShape: CniObjectShape = openObjectShape({ type: textShape });
