import type { Feature, SchemaProperties } from '../features/define-feature.ts';
import { subnetSchema, subnetsSchema } from '../kinds/address/schema.ts';
import { fileKinds } from '../kinds/files/index.ts';
import {
  bridgePortSchema,
  bridgeSchema,
  bridgesSchema,
  fdbEntrySchema,
  mdbEntrySchema,
  vlanSchema,
} from '../kinds/links/bridge/schema.ts';
import { linkModules } from '../kinds/links/index.ts';
import {
  hostInterfaceSchema,
  hostInterfacesSchema,
  interfacesSchema,
  linkDefinitions,
  namespaceInterfaceSchema,
} from '../kinds/links/interface-schema.ts';
import { linkFieldSchemas } from '../kinds/links/link-schema.ts';
import { linkSchema, linksSchema } from '../kinds/links/veth/schema.ts';
import { neighbourSchema, neighboursSchema } from '../kinds/neighbour/schema.ts';
import { containerSchema } from '../kinds/netns/container/schema.ts';
import {
  forwardingSchema,
  labelsSchema,
  namespacesSchema,
  netnsSchema,
  projectSchema,
  projectsSchema,
} from '../kinds/netns/schema.ts';
import { selectorDefinitions } from '../kinds/netns/selector-schema.ts';
import { routeSchema, routesSchema } from '../kinds/route/schema.ts';
import { ruleSchema, rulesSchema } from '../kinds/rule/schema.ts';
import { hostSysctlsSchema, sysctlsSchema } from '../kinds/sysctl/schema.ts';
import { isJsonObject, type Spec } from '../model/json.ts';
import { features } from './features.ts';

/** What the features add to one place of the schema. */
const propertiesOf = (place: keyof Feature['schema']): SchemaProperties =>
  Object.assign({}, ...features.map(({ schema }) => schema[place]));

const withProperties = (schema: Spec, more: SchemaProperties): Spec => ({
  ...schema,
  properties: { ...Object(schema['properties']), ...more },
});

const fileSchemas: Spec = Object.assign({}, ...fileKinds.map(({ schema }) => schema));
const fileDefinitions: Spec = Object.assign({}, ...fileKinds.map(({ definitions }) => definitions));

const bridgeKinds = linkModules.map(({ link }) => link).filter(({ section }) => section === 'bridges');

/** A bridge of any kind: the options of all kinds stand side by side; the reader tells them apart. */
const anyBridgeSchema: Spec = {
  ...bridgeSchema,
  properties: {
    ...(isJsonObject(bridgeSchema['properties']) ? bridgeSchema['properties'] : {}),
    ...Object.fromEntries(bridgeKinds.flatMap(({ fields }) => Object.entries(linkFieldSchemas(fields))).reverse()),
    kind: {
      description: 'What the bridge is: one of the kernel, or of an Open vSwitch that belongs to the lab.',
      ...{
        type: 'string',
        enum: bridgeKinds.map(({ name }) => name),
        default: bridgeKinds.find(({ madeByProgram }) => !madeByProgram)?.name ?? '',
        examples: bridgeKinds.filter(({ madeByProgram }) => madeByProgram).map(({ name }) => name),
      },
    },
  },
};

/** Values of variables, by name. */
const variablesSchema: Spec = {
  type: 'object',
  propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_.-]{0,62}$' },
  additionalProperties: { type: ['string', 'number', 'boolean'] },
};

const includeSchema: Spec = {
  description:
    'Files that are part of this one, relative to it and inside the folder of the main file: maps are merged, lists joined with those of the included files first; a single value in two files is an error.',
  type: 'array',
  items: {
    type: ['string', 'object'],
    additionalProperties: false,
    required: ['file'],
    properties: {
      file: { description: 'The path of the file.', type: 'string', examples: ['rack.yaml'] },
      vars: {
        description: 'Variables for this file. They win over those of the file that includes it, and over its own.',
        ...variablesSchema,
        examples: [{ rack: 2 }],
      },
    },
    examples: ['base.yaml'],
  },
  examples: [['base.yaml', { file: 'rack.yaml', vars: { rack: 2 } }]],
};

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
    include: includeSchema,
    vars: {
      description:
        // biome-ignore lint/suspicious/noTemplateCurlyInString: how the language itself writes it
        'Values for `${name}` anywhere below, in values and in keys; `--var` and `--var-file` override them. `$${` is a plain `${`.',
      ...variablesSchema,
      examples: [{ uplink: 'eth0' }],
    },
    defaults: {
      description:
        'What every namespace, and every interface of a namespace, has unless the file says otherwise: merged key by key; a list is replaced, `null` takes a default away. `lo` and existing interfaces get none.',
      type: 'object',
      additionalProperties: false,
      properties: {
        namespace: {
          description: 'What every namespace has.',
          allOf: [{ $ref: '#/definitions/namespace' }],
          examples: [{ sysctls: { 'net.ipv4.tcp_mtu_probing': 1 } }],
        },
        interface: {
          description: 'What every interface of a namespace has, the ends of cables included.',
          allOf: [{ $ref: '#/definitions/interface' }],
          examples: [{ mtu: 1400 }],
        },
      },
      examples: [{ interface: { mtu: 1400 }, namespace: { sysctls: { 'net.ipv4.tcp_mtu_probing': 1 } } }],
    },
    bridges: bridgesSchema,
    subnets: subnetsSchema,
    namespaces: namespacesSchema,
    projects: projectsSchema,
    links: linksSchema,
    host: {
      ...netnsSchema({
        forwarding: forwardingSchema,
        interfaces: hostInterfacesSchema,
        sysctls: hostSysctlsSchema,
        rules: rulesSchema,
        neighbours: neighboursSchema,
        ...propertiesOf('host'),
      }),
      description: 'The machine itself: what else a namespace can have.',
      examples: [{ forwarding: true, interfaces: { 'to-red': '10.99.0.1/30' } }],
    },
    routes: routesSchema,
    ...propertiesOf('topology'),
    ...fileSchemas,
  },
  definitions: {
    namespace: netnsSchema({
      labels: labelsSchema,
      project: projectSchema,
      container: containerSchema,
      forwarding: forwardingSchema,
      interfaces: interfacesSchema,
      bridges: bridgesSchema,
      routes: routesSchema,
      rules: rulesSchema,
      neighbours: neighboursSchema,
      sysctls: sysctlsSchema,
      ...propertiesOf('namespace'),
    }),
    interface: withProperties(namespaceInterfaceSchema, propertiesOf('interface')),
    hostInterface: withProperties(hostInterfaceSchema, propertiesOf('interface')),
    bridge: withProperties(anyBridgeSchema, propertiesOf('switch')),
    bridgeVlan: vlanSchema,
    port: bridgePortSchema,
    fdbEntry: fdbEntrySchema,
    mdbEntry: mdbEntrySchema,
    subnet: subnetSchema,
    link: withProperties(linkSchema, propertiesOf('cable')),
    ...linkDefinitions,
    route: routeSchema,
    rule: ruleSchema,
    neighbour: neighbourSchema,
    ...selectorDefinitions,
    ...propertiesOf('definitions'),
    ...fileDefinitions,
  },
};
