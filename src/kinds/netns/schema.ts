import type { Spec } from '../../model/json.ts';
import { LABELS_SCHEMA, mapSchema, NAMES_SCHEMA } from '../schema-fragments.ts';

export const namespacesSchema: Spec = {
  description: 'Network namespaces by name: the hosts, routers, containers and pods of the lab. Empty: only `lo`.',
  ...mapSchema('namespace'),
  examples: [{ red: { interfaces: { eth0: { bridge: 'v-net-0' } } }, lonely: {} }],
};

export const labelsSchema: Spec = {
  description: 'Texts by which namespaces are selected, as in Kubernetes. A text that looks like a number is quoted.',
  type: 'object',
  propertyNames: LABELS_SCHEMA,
  additionalProperties: { type: 'string' },
  examples: [{ app: 'db', tier: '2' }],
};

export const projectSchema: Spec = {
  description:
    'The project that it belongs to, which is what Kubernetes calls a namespace. A name of another project is written with it: `web.apps`.',
  type: 'string',
  default: 'default',
  examples: ['apps'],
};

export const projectsSchema: Spec = {
  description: 'Projects with labels of their own, by which selectors find them. Others need no entry.',
  type: 'object',
  propertyNames: NAMES_SCHEMA,
  additionalProperties: {
    type: ['object', 'null'],
    additionalProperties: false,
    properties: {
      labels: { ...labelsSchema, description: 'The labels of the project.', examples: [{ team: 'a' }] },
    },
  },
  examples: [{ prod: { labels: { team: 'a' } } }],
};

export const forwardingSchema: Spec = {
  description:
    'Whether packets are routed between the interfaces, in both families. Without it, it is on where `nat`, `portForwards` or `publish` need it.',
  type: 'boolean',
  examples: [true],
};

/** An object of the given properties: a namespace, or the host. */
export const netnsSchema = (properties: Spec): Spec => ({
  type: ['object', 'null'],
  additionalProperties: false,
  properties,
});
