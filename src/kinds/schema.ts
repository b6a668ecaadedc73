import type { Spec } from '../model/json.ts';
import { subnet, subnets } from './address/schema.ts';
import { bridge, bridges } from './bridge/schema.ts';
import { cni, conflist } from './conflist/schema.ts';
import { dns, hostDns, namespaceDns } from './names/schema.ts';
import { neighbour, neighbours } from './neighbour/schema.ts';
import { forwarding, namespaces, partOf } from './netns/schema.ts';
import { forward, nat, natEntry, portForwards, publish } from './nft/schema.ts';
import { route, routes } from './route/schema.ts';
import { rule, rules } from './rule/schema.ts';
import { hostSysctls, sysctls } from './sysctl/schema.ts';
import { hostInterfaces, interfaceOfHost, interfaceOfNamespace, interfaces, link, links } from './veth/schema.ts';
import { vxlan } from './vxlan/schema.ts';

/** JSON Schema (draft-07) of the topology language, put together from the slices of the kinds. */
export const topologySchema: Spec = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'urn:netform:topology:1',
  title: 'netform topology',
  description: 'One lab: namespaces, bridges, cables and all that makes them a network.',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'name'],
  properties: {
    version: { description: 'The version of this language.', type: 'integer', enum: [1], examples: [1] },
    name: {
      description: 'The name of the lab. It owns everything that it makes, and is unique on a machine.',
      type: 'string',
      examples: ['red-blue'],
    },
    vars: {
      description:
        // biome-ignore lint/suspicious/noTemplateCurlyInString: how the language itself writes it
        'Values for `${name}` anywhere below; `--var` and `--var-file` override them. `$${` is a plain `${`.',
      type: 'object',
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_.-]{0,62}$' },
      additionalProperties: { type: ['string', 'number', 'boolean'] },
      examples: [{ uplink: 'eth0' }],
    },
    bridges,
    subnets,
    namespaces,
    links,
    host: {
      ...partOf({
        forwarding,
        interfaces: hostInterfaces,
        sysctls: hostSysctls,
        rules,
        neighbours,
        dns: hostDns,
      }),
      description: 'The machine itself: what else a namespace can have.',
      examples: [{ forwarding: true, interfaces: { 'to-red': '10.99.0.1/30' } }],
    },
    routes,
    nat,
    portForwards,
    dns,
    cni,
  },
  definitions: {
    namespace: partOf({
      forwarding,
      interfaces,
      bridges,
      routes,
      rules,
      neighbours,
      sysctls,
      nat,
      portForwards,
      publish,
      dns: namespaceDns,
    }),
    interface: interfaceOfNamespace,
    hostInterface: interfaceOfHost,
    bridge,
    subnet,
    link,
    vxlan,
    route,
    rule,
    neighbour,
    nat: natEntry,
    forward,
    conflist,
  },
};
