import type { Spec } from '../../model/json.ts';
import { mapSchema } from '../schema-fragments.ts';

export const namespacesSchema: Spec = {
  description: 'Network namespaces by name: the hosts, routers, containers and pods of the lab. Empty: only `lo`.',
  ...mapSchema('namespace'),
  examples: [{ red: { interfaces: { eth0: { bridge: 'v-net-0' } } }, lonely: {} }],
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
